-- Deletions. A deleted record or entity keeps its row, its revisions and its id: whoever writes to it
-- later is told so, and no create brings it back. Scopes that saw it are told by a change row `del`.
alter table fieldapp.record add column deleted boolean not null default false;
alter table fieldapp.entity add column deleted boolean not null default false;

-- Whoever owns the tables may count what lies in the object store and sweep what nobody names: names of
-- files are hashes. To this role alone, so that an app server pays nothing for it.
create policy upkeep on fieldapp.file for select to current_user using (true);
create policy upkeep on fieldapp.upload to current_user using (true);
create index upload_account on fieldapp.upload (account);

-- Official numbers that laptops know of a database that was restored (server/numbers.py): each is kept
-- for its entity until that is numbered again.
create table fieldapp.known_number (
    list text not null,
    id uuid not null,
    scope text not null references fieldapp.scope,
    year integer not null,
    count bigint not null check (count >= 1),
    primary key (list, id, scope),
    unique (list, scope, year, count)
);
alter table fieldapp.known_number enable row level security;
alter table fieldapp.known_number force row level security;
create policy member on fieldapp.known_number using (
    scope in (select m.scope from fieldapp.membership m where m.account = fieldapp.me())
);
-- A late operation may number an entity where it is by now.
create policy reached on fieldapp.known_number using (
    fieldapp.is_judging()
    and exists (select from fieldapp.membership m where m.account = fieldapp.me())
);
grant select, insert, delete on fieldapp.known_number to fieldapp_sync;

-- What devices signed of their 접속기록, and what was found when it came. As the lines themselves: added
-- through the app server and not to be read through it, kept two years, changed by nobody.
create table fieldapp.log_checkpoint (
    replica uuid not null references fieldapp.replica,
    log_seq bigint not null check (log_seq >= 1),
    hash text not null,
    at text not null,
    signature text not null,
    public_key text not null,
    account text not null references fieldapp.account,
    finding text not null check (
        finding in ('stands', 'early', 'forked', 'other_chain', 'other_key', 'bad_signature')
    ),
    stored_at timestamptz not null default now(),
    primary key (replica, log_seq, hash, signature)
);
alter table fieldapp.log_checkpoint enable row level security;
alter table fieldapp.log_checkpoint force row level security;
create policy own_added on fieldapp.log_checkpoint for insert with check (
    account = fieldapp.me()
    and exists (select from fieldapp.membership m where m.account = fieldapp.me())
    and exists (select from fieldapp.replica r where r.id = replica and r.account = fieldapp.me())
);
-- Numbers and hashes alone: whoever runs the server may see whether logs and signatures agree.
create policy upkeep on fieldapp.log_checkpoint for select to current_user using (true);
grant insert on fieldapp.log_checkpoint to fieldapp_sync;
create trigger kept before update or delete on fieldapp.log_checkpoint
    for each row execute function fieldapp.keep_access_log();
create trigger kept_whole before truncate on fieldapp.log_checkpoint
    for each statement execute function fieldapp.keep_access_log();

-- On which device a line was written, and how many others of its number are here.
create function fieldapp.log_line(of_replica uuid, of_log_seq bigint, of_hash text)
returns table (device text, others bigint)
language sql stable security definer set search_path = '' as $$
    select l.entry ->> 'device', (
        select count(*) from fieldapp.access_log o
        where o.replica = of_replica and o.log_seq = of_log_seq and o.hash <> of_hash
            and o.account = fieldapp.me())
    from fieldapp.access_log l
    where l.replica = of_replica and l.log_seq = of_log_seq and l.hash = of_hash
        and l.account = fieldapp.me()
$$;
revoke execute on function fieldapp.log_line(uuid, bigint, text) from public;
grant execute on function fieldapp.log_line(uuid, bigint, text) to fieldapp_sync;
