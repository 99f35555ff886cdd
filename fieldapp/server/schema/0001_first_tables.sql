-- The first tables. Run once, in one transaction, by the role that owns the database.
--
-- Who may see what is decided here a second time: the app server works as fieldapp_sync, which owns
-- nothing, and each transaction names the signed-in account in the setting app.user. A row of any
-- table with personal data is visible, and may be written, only by a member of its scope.

create schema fieldapp;
revoke all on schema fieldapp from public;

do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'fieldapp_sync') then
        create role fieldapp_sync login nosuperuser nocreatedb nocreaterole noinherit nobypassrls;
        -- Just-in-time compilation costs a batch of 500 operations ten times its own time.
        alter role fieldapp_sync set jit = off;
    end if;
exception when duplicate_object or unique_violation then
    null;  -- another database of this cluster is being migrated at the same moment
end
$$;
grant usage on schema fieldapp to fieldapp_sync;

-- The server itself

create table fieldapp.server_meta (
    only_row boolean primary key default true check (only_row),
    -- A new epoch after any restore: every cursor of the old one starts again.
    epoch uuid not null default gen_random_uuid(),
    schema_version integer not null
);
grant select on fieldapp.server_meta to fieldapp_sync;

-- People, and the laptops they write on

create table fieldapp.account (
    id text primary key check (id <> ''),
    name text not null check (name <> ''),
    password_hash text not null,
    roles text[] not null default '{}',
    active boolean not null default true,
    created_at timestamptz not null default now()
);

create table fieldapp.scope (
    id text primary key check (id <> ''),
    kind text not null check (kind in ('town', 'org', 'private')),
    parent text references fieldapp.scope
);

-- The per-scope counter. Its row lock is taken last and in sorted order, so that the order of
-- numbers is the order of commits: a reader's cursor can never pass a row that is still to come.
create table fieldapp.scope_head (
    scope text primary key references fieldapp.scope,
    head bigint not null default 0 check (head >= 0)
);

create table fieldapp.membership (
    account text not null references fieldapp.account,
    scope text not null references fieldapp.scope,
    since timestamptz not null default now(),
    primary key (account, scope)
);
create index membership_scope on fieldapp.membership (scope);

-- One profile's store on one laptop.
-- applied_seq: highest op_seq of this incarnation below which none is missing.
-- settled_seq: highest op_seq that a restore of the newest backup would bring back.
create table fieldapp.replica (
    id uuid primary key,
    account text not null references fieldapp.account,
    public_key bytea not null check (length(public_key) = 32),
    incarnation bigint not null default 1,
    state text not null default 'active' check (state in ('active', 'revoked')),
    applied_seq bigint not null default 0,
    settled_seq bigint not null default 0,
    enrolled_at timestamptz not null,
    last_seen timestamptz not null
);
create index replica_account on fieldapp.replica (account);

create table fieldapp.enrol_code (
    code_hash text primary key,
    account text not null references fieldapp.account,
    expires_at timestamptz not null,
    replica uuid references fieldapp.replica
);

-- Tokens are stored as their sha256 only.
create table fieldapp.token (
    token_hash text primary key,
    refresh_hash text not null unique,
    account text not null references fieldapp.account,
    expires_at timestamptz not null,
    refresh_expires_at timestamptz not null
);
create index token_account on fieldapp.token (account);

-- Records

create table fieldapp.record (
    id uuid primary key,
    scope text not null references fieldapp.scope,
    form_id text not null,
    form_version text not null,
    kind text not null,
    state text not null,
    rev bigint not null check (rev >= 1),
    hash text not null,
    doc jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);
create index record_form on fieldapp.record (scope, form_id);

create table fieldapp.record_version (
    record uuid not null,
    rev bigint not null,
    scope text not null,
    replica uuid not null,
    op_id uuid not null,
    author text not null,
    at text not null,
    state text not null,
    reason text,
    paths text[] not null,
    doc jsonb not null,
    stored_at timestamptz not null default now(),
    primary key (record, rev)
);

create table fieldapp.conflict (
    id uuid primary key,
    record uuid not null references fieldapp.record,
    scope text not null,
    rev bigint not null,
    paths text[] not null,
    decided boolean not null default false,
    doc jsonb not null
);
create index conflict_open on fieldapp.conflict (record) where not decided;

-- What a pull walks. One row per object and scope (and one per conflict), moved to the end by each
-- change: what a later change superseded is never sent.
create table fieldapp.change_row (
    scope text not null,
    scope_seq bigint not null,
    change text not null check (change in ('put', 'del', 'evict', 'erase', 'conflict')),
    object_id uuid not null,
    rev bigint not null,
    conflict uuid,
    primary key (scope, scope_seq),
    constraint change_row_newest unique nulls not distinct (scope, object_id, conflict)
);

-- Receipts: n deliveries of an operation have the effect of one.
create table fieldapp.op_receipt (
    replica uuid not null,
    op_id uuid not null,
    account text not null,
    incarnation bigint not null,
    seq bigint not null,
    op_hash text not null,
    result jsonb not null,
    stored_at timestamptz not null default now(),
    primary key (replica, op_id),
    constraint op_receipt_seq unique (replica, incarnation, seq)
);

-- Operations that could not be applied, or not wholly, kept as they came.
create table fieldapp.quarantine (
    replica uuid not null,
    op_id uuid not null,
    op_hash text not null,
    account text not null,
    code text not null,
    operation bytea not null,
    stored_at timestamptz not null default now(),
    primary key (replica, op_id, op_hash)
);

-- Row-level security

create function fieldapp.me() returns text language sql stable
    -- After a transaction that set it, the setting is '' rather than missing.
    return nullif(current_setting('app.user', true), '');

-- Accounts, tokens and codes: no grant at all; the functions below are the only way.
alter table fieldapp.membership enable row level security;
create policy own on fieldapp.membership using (account = fieldapp.me());
alter table fieldapp.replica enable row level security;
create policy own on fieldapp.replica using (
    account = fieldapp.me()
    and exists (select from fieldapp.membership m where m.account = fieldapp.me())
);
alter table fieldapp.scope enable row level security;
create policy member on fieldapp.scope using (
    id in (select m.scope from fieldapp.membership m where m.account = fieldapp.me())
);
alter table fieldapp.scope_head enable row level security;
create policy member on fieldapp.scope_head using (
    scope in (select m.scope from fieldapp.membership m where m.account = fieldapp.me())
);

-- What people wrote: forced, so that the owner of the tables reads it no more than anybody else.
do $$
declare
    name text;
begin
    foreach name in array array['record', 'record_version', 'conflict', 'change_row'] loop
        execute format('alter table fieldapp.%I enable row level security', name);
        execute format('alter table fieldapp.%I force row level security', name);
        execute format(
            'create policy member on fieldapp.%I using (scope in '
            '(select m.scope from fieldapp.membership m where m.account = fieldapp.me()))', name);
    end loop;
    foreach name in array array['op_receipt', 'quarantine'] loop
        execute format('alter table fieldapp.%I enable row level security', name);
        execute format('alter table fieldapp.%I force row level security', name);
        execute format(
            'create policy own on fieldapp.%I using (account = fieldapp.me() and exists '
            '(select from fieldapp.membership m where m.account = fieldapp.me()))', name);
    end loop;
end
$$;

grant select on fieldapp.membership, fieldapp.scope to fieldapp_sync;
grant select, update (head) on fieldapp.scope_head to fieldapp_sync;
grant select, update (applied_seq, last_seen) on fieldapp.replica to fieldapp_sync;
grant select, insert, update on fieldapp.record, fieldapp.conflict, fieldapp.change_row,
    fieldapp.op_receipt to fieldapp_sync;
grant select, insert on fieldapp.record_version to fieldapp_sync;
grant select, insert, update, delete on fieldapp.quarantine to fieldapp_sync;

-- Narrow doors to what fieldapp_sync may not read

create function fieldapp.sign_in_facts(asked text)
returns table (account text, password_hash text)
language sql stable security definer set search_path = '' as $$
    select a.id, a.password_hash from fieldapp.account a where a.id = asked and a.active
$$;

create function fieldapp.keep_token(
    token text, refresh text, whose text, until timestamptz, refresh_until timestamptz
) returns void
language sql security definer set search_path = '' as $$
    insert into fieldapp.token (token_hash, refresh_hash, account, expires_at, refresh_expires_at)
    values (token, refresh, whose, until, refresh_until)
$$;

create function fieldapp.account_of_token(token text, at timestamptz)
returns table (id text, name text, roles text[])
language sql stable security definer set search_path = '' as $$
    select a.id, a.name, a.roles
    from fieldapp.token t join fieldapp.account a on a.id = t.account
    where t.token_hash = token and t.expires_at > at and a.active
$$;

-- The account whose tokens may be renewed. The old refresh token lives ten minutes more, so that a
-- reply lost on a bad line costs nobody a password.
create function fieldapp.spend_refresh(refresh text, at timestamptz) returns text
language sql security definer set search_path = '' as $$
    delete from fieldapp.token where refresh_expires_at < at - interval '1 day';
    update fieldapp.token t
    set refresh_expires_at = least(t.refresh_expires_at, at + interval '10 minutes')
    from fieldapp.account a
    where t.refresh_hash = refresh and t.refresh_expires_at > at and a.id = t.account and a.active
    returning a.id
$$;

-- The replica of a one-time code, or null. A code that was spent answers the same key again: the
-- first reply may have been lost.
create function fieldapp.enrol(code text, whose text, key bytea, fresh uuid, at timestamptz)
returns uuid
language plpgsql security definer set search_path = '' as $$
declare
    found_code fieldapp.enrol_code;
begin
    select * into found_code from fieldapp.enrol_code c
    where c.code_hash = code and c.account = whose and c.expires_at > at
    for update;
    if not found then
        return null;
    end if;
    if found_code.replica is not null then
        return (select r.id from fieldapp.replica r
                where r.id = found_code.replica and r.public_key = key);
    end if;
    insert into fieldapp.replica (id, account, public_key, enrolled_at, last_seen)
    values (fresh, whose, key, at, at);
    update fieldapp.enrol_code c set replica = fresh where c.code_hash = code;
    return fresh;
end
$$;

-- The replicas that hold each scope of the signed-in account: the source of 미수신 기기 n대.
create function fieldapp.scope_replicas()
returns table (scope text, replica uuid, last_seen timestamptz, applied_seq bigint)
language sql stable security definer set search_path = '' as $$
    select theirs.scope, r.id, r.last_seen, r.applied_seq
    from fieldapp.membership mine
    join fieldapp.membership theirs on theirs.scope = mine.scope
    join fieldapp.replica r on r.account = theirs.account and r.state = 'active'
    where mine.account = fieldapp.me()
    order by theirs.scope, r.id
$$;

revoke execute on all functions in schema fieldapp from public;
grant execute on all functions in schema fieldapp to fieldapp_sync;

insert into fieldapp.server_meta (schema_version) values (1);
