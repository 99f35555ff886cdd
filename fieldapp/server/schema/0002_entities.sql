-- Entities: what lives on between records. Operations change them, and so do the effects that ride
-- in a record's operation. A change row or a conflict without a list is of a record.

create table fieldapp.entity (
    list text not null check (list <> ''),
    id uuid not null,
    scope text not null references fieldapp.scope,
    rev bigint not null check (rev >= 1),
    hash text not null,
    doc jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (list, id)
);

create table fieldapp.entity_version (
    list text not null,
    id uuid not null,
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
    primary key (list, id, rev)
);
-- The base {op} of an entity names the operation that changed it, often a record's.
create index entity_version_operation on fieldapp.entity_version (op_id);

-- The last official number given (접수번호). Its row lock is held until the commit, so a number
-- is given once, and one that a rolled-back transaction took is given again.
create table fieldapp.number_counter (
    scope text not null references fieldapp.scope,
    list text not null,
    year integer not null,
    last bigint not null check (last >= 1),
    primary key (scope, list, year)
);

alter table fieldapp.conflict drop constraint conflict_record_fkey;
alter table fieldapp.conflict rename column record to object_id;
alter table fieldapp.conflict add column list text;

alter table fieldapp.change_row add column list text;
alter table fieldapp.change_row drop constraint change_row_newest;
alter table fieldapp.change_row add constraint change_row_newest
    unique nulls not distinct (scope, object_id, list, conflict);

do $$
declare
    name text;
begin
    foreach name in array array['entity', 'entity_version', 'number_counter'] loop
        execute format('alter table fieldapp.%I enable row level security', name);
        execute format('alter table fieldapp.%I force row level security', name);
        execute format(
            'create policy member on fieldapp.%I using (scope in '
            '(select m.scope from fieldapp.membership m where m.account = fieldapp.me()))', name);
    end loop;
end
$$;

grant select, insert, update on fieldapp.entity, fieldapp.number_counter to fieldapp_sync;
grant select, insert on fieldapp.entity_version to fieldapp_sync;
