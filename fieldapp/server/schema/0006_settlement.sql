-- What a backup is known to hold, and the time after a restore in which laptops bring back what the
-- backup lacked.

-- After `fieldapp server restored` until `fieldapp server refilled`: who changes what this database
-- lacks is asked to wait, since whoever made it is going to bring it again.
alter table fieldapp.server_meta add column refilling boolean not null default false;

-- How far every replica had come when a backup was about to begin: (replica, incarnation, seq).
-- Whatever is in one of these is in every backup that began afterwards.
create table fieldapp.settlement_mark (
    id uuid primary key default gen_random_uuid(),
    taken_at timestamptz not null default now(),
    seqs jsonb not null
);

-- A held operation is judged again one day; until then its laptop is not to forget it.
create index op_receipt_held on fieldapp.op_receipt (replica, incarnation, seq)
    where result ->> 'status' = 'held';
