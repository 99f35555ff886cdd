-- Programmes and reference lists, published to laptops. A version never changes and is never taken
-- away: one that was withdrawn is offered no more, and stays for the records that were written on it.
-- Nothing here is about anybody.

create table fieldapp.catalogue_item (
    kind text not null check (kind in ('pack', 'list')),
    id text not null check (id <> ''),
    version text not null check (version <> ''),
    -- Whom it is for: 'ref:all', or 'ref:' and a scope, which means that one and all below it.
    scopes text[] not null check (cardinality(scopes) > 0),
    -- Of the workbook or table as it was brought: what it is made into may differ from one release
    -- of the server to the next.
    source_sha256 text not null check (source_sha256 ~ '^[0-9a-f]{64}$'),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    size bigint not null check (size > 0),
    content bytea not null,
    published_at timestamptz not null,
    withdrawn_at timestamptz,
    primary key (kind, id, version)
);
-- Laptops ask for a piece at a time: only of what is not packed can PostgreSQL give one.
alter table fieldapp.catalogue_item alter column content set storage external;

-- What the signed-in account is offered: what is for all, for its scopes, or for one above them.
create function fieldapp.ref_scopes() returns text[]
language sql stable security definer set search_path = '' as $$
    with recursive mine(id, parent) as (
        select s.id, s.parent
        from fieldapp.membership m join fieldapp.scope s on s.id = m.scope
        where m.account = fieldapp.me()
        union
        select above.id, above.parent from mine join fieldapp.scope above on above.id = mine.parent
    )
    select case
        when count(*) = 0 then '{}'::text[]
        else array_append(array_agg('ref:' || mine.id), 'ref:all')
    end from mine
$$;

alter table fieldapp.catalogue_item enable row level security;
create policy offered on fieldapp.catalogue_item using (scopes && (select fieldapp.ref_scopes()));
grant select on fieldapp.catalogue_item to fieldapp_sync;

-- The server itself judges records of every programme, whoever brings them, and hands a programme to
-- whoever may read a record that was written on it.
create function fieldapp.published_packs() returns table (id text, version text)
language sql stable security definer set search_path = '' as $$
    select i.id, i.version from fieldapp.catalogue_item i where i.kind = 'pack'
$$;
create function fieldapp.published_pack(asked text, asked_version text)
returns table (sha256 text, size bigint, withdrawn boolean, content bytea)
language sql stable security definer set search_path = '' as $$
    select i.sha256, i.size, i.withdrawn_at is not null, i.content
    from fieldapp.catalogue_item i
    where i.kind = 'pack' and i.id = asked and i.version = asked_version
$$;

revoke execute on function
    fieldapp.ref_scopes(), fieldapp.published_packs(), fieldapp.published_pack(text, text)
from public;
grant execute on function
    fieldapp.ref_scopes(), fieldapp.published_packs(), fieldapp.published_pack(text, text)
to fieldapp_sync;
