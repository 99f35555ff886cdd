-- 접속기록 of the devices (고시 제8조). Written through the app server and not to be read through it:
-- fieldapp_sync may add lines for its own account, and ask by the functions below how far they go.

-- A replica may have two lines of one number: its laptop was restored from a backup and wrote on
-- from there. Both are kept.
-- entry: JSON as text, not jsonb, which would refuse a NUL. broken: its hash is not the hash of what
-- stands here, or it does not go on from the line before it: somebody wrote into the file.
create table fieldapp.access_log (
    replica uuid not null references fieldapp.replica,
    log_seq bigint not null check (log_seq >= 1),
    hash text not null,
    previous text not null,
    account text not null references fieldapp.account,
    at timestamptz not null,
    deed text not null,
    entry json not null,
    broken boolean not null,
    stored_at timestamptz not null default now(),
    primary key (replica, log_seq, hash)
);
create index access_log_at on fieldapp.access_log (at);

alter table fieldapp.access_log enable row level security;
alter table fieldapp.access_log force row level security;
create policy own_added on fieldapp.access_log for insert with check (
    account = fieldapp.me()
    and exists (select from fieldapp.membership m where m.account = fieldapp.me())
    and exists (select from fieldapp.replica r where r.id = replica and r.account = fieldapp.me())
);
-- For the functions below, also where the owner of the tables is no superuser.
create policy own_asked on fieldapp.access_log for select using (account = fieldapp.me());
grant insert on fieldapp.access_log to fieldapp_sync;

-- Kept at least two years, and never changed, by whomever.
create function fieldapp.keep_access_log() returns trigger
language plpgsql set search_path = '' as $$
begin
    if tg_op = 'DELETE' and old.stored_at < now() - interval '2 years' then
        return old;
    end if;
    raise exception 'the access log is kept' using errcode = 'integrity_constraint_violation';
end
$$;
create trigger kept before update or delete on fieldapp.access_log
    for each row execute function fieldapp.keep_access_log();
create trigger kept_whole before truncate on fieldapp.access_log
    for each statement execute function fieldapp.keep_access_log();

create function fieldapp.log_stands(of_replica uuid, of_log_seq bigint, of_hash text)
returns boolean
language sql stable security definer set search_path = '' as $$
    select exists (
        select from fieldapp.access_log l
        where l.replica = of_replica and l.log_seq = of_log_seq and l.hash = of_hash
            and l.account = fieldapp.me()
    )
$$;

-- The highest number that this account's replica has brought; 0 before the first.
create function fieldapp.log_reached(of_replica uuid) returns bigint
language sql stable security definer set search_path = '' as $$
    select coalesce(max(l.log_seq), 0) from fieldapp.access_log l
    where l.replica = of_replica and l.account = fieldapp.me()
$$;

revoke execute on function fieldapp.keep_access_log(), fieldapp.log_reached(uuid),
    fieldapp.log_stands(uuid, bigint, text) from public;
grant execute on function fieldapp.log_reached(uuid), fieldapp.log_stands(uuid, bigint, text)
    to fieldapp_sync;
