-- Where an object is seen, and where it was (formats F8). An object that was never shared nor moved
-- has no row: it is seen in its home scope (record.scope, entity.scope) alone, since its beginning.
-- From its first share or move on, its rows tell all of it, its home included. Rows are never
-- removed: what was seen where, up to which revision, decides about operations that come late.

create table fieldapp.object_scope (
    -- '' for a record.
    list text not null,
    object_id uuid not null,
    scope text not null references fieldapp.scope,
    view text not null check (view in ('full', 'card')),
    is_home boolean not null,
    from_rev bigint not null check (from_rev >= 1),
    -- The first revision that the scope sees no more; null while it does.
    until_rev bigint check (until_rev > from_rev),
    -- What a card shows, and its hash: whoever sees a card reads this row and not the entity's.
    card jsonb,
    card_hash text,
    primary key (object_id, list, scope, from_rev),
    check ((card is null) = (card_hash is null)),
    check (view = 'card' or card is null)
);
create unique index object_scope_present on fieldapp.object_scope (object_id, list, scope)
    where until_rev is null;

-- Who moves when a household does, and which records may be read where it goes. Columns of their own:
-- row-level security keeps an index on an expression over the document from being used.
alter table fieldapp.entity
    add column household text generated always as (doc -> 'props' ->> 'household') stored;
create index entity_household on fieldapp.entity (household, scope) where household is not null;

alter table fieldapp.record
    add column subject text generated always as (doc -> 'subject' ->> 'id') stored;
create index record_subject on fieldapp.record (subject) where subject is not null;

-- A transaction that judges operations may see, beyond its account's scopes, what that account saw
-- in full at some time: a late operation is merged into what its object has become since, wherever
-- that is. No other transaction may; a pull gives what is seen now.
create function fieldapp.is_judging() returns boolean language sql stable
    return coalesce(current_setting('app.judging', true), '') = 'on';

-- The kind of a scope that may not be one's own: where a move or a share leads.
create function fieldapp.scope_kind(asked text) returns text
language sql stable security definer set search_path = '' as $$
    select s.kind from fieldapp.scope s where s.id = asked
$$;

alter table fieldapp.object_scope enable row level security;
alter table fieldapp.object_scope force row level security;
create policy member on fieldapp.object_scope using (
    scope in (select m.scope from fieldapp.membership m where m.account = fieldapp.me())
);
-- Whoever changes an object writes to every scope that sees it.
create policy reached on fieldapp.object_scope using (
    fieldapp.is_judging()
    and exists (select from fieldapp.membership m where m.account = fieldapp.me())
);

create policy shared on fieldapp.record for select using (
    exists (
        select from fieldapp.object_scope s join fieldapp.membership m on m.scope = s.scope
        where s.object_id = record.id and s.list = '' and s.view = 'full' and s.until_rev is null
            and m.account = fieldapp.me()
    )
);
create policy shared on fieldapp.record_version for select using (
    exists (
        select from fieldapp.object_scope s join fieldapp.membership m on m.scope = s.scope
        where s.object_id = record_version.record and s.list = '' and s.view = 'full'
            and s.until_rev is null and m.account = fieldapp.me()
    )
);
create policy shared on fieldapp.entity for select using (
    exists (
        select from fieldapp.object_scope s join fieldapp.membership m on m.scope = s.scope
        where s.object_id = entity.id and s.list = entity.list and s.view = 'full'
            and s.until_rev is null and m.account = fieldapp.me()
    )
);
create policy shared on fieldapp.entity_version for select using (
    exists (
        select from fieldapp.object_scope s join fieldapp.membership m on m.scope = s.scope
        where s.object_id = entity_version.id and s.list = entity_version.list
            and s.view = 'full' and s.until_rev is null and m.account = fieldapp.me()
    )
);

create policy reached on fieldapp.entity using (
    fieldapp.is_judging() and exists (
        select from fieldapp.object_scope s join fieldapp.membership m on m.scope = s.scope
        where s.object_id = entity.id and s.list = entity.list and s.view = 'full'
            and m.account = fieldapp.me()
    )
);
create policy reached on fieldapp.entity_version using (
    fieldapp.is_judging() and exists (
        select from fieldapp.object_scope s join fieldapp.membership m on m.scope = s.scope
        where s.object_id = entity_version.id and s.list = entity_version.list
            and s.view = 'full' and m.account = fieldapp.me()
    )
);
create policy reached on fieldapp.conflict using (
    fieldapp.is_judging() and exists (
        select from fieldapp.object_scope s join fieldapp.membership m on m.scope = s.scope
        where s.object_id = conflict.object_id and s.list = coalesce(conflict.list, '')
            and s.view = 'full' and m.account = fieldapp.me()
    )
);
create policy reached on fieldapp.change_row using (
    fieldapp.is_judging() and exists (
        select from fieldapp.object_scope s join fieldapp.membership m on m.scope = s.scope
        where s.object_id = change_row.object_id and s.list = coalesce(change_row.list, '')
            and s.view = 'full' and m.account = fieldapp.me()
    )
);
-- Counters tell nothing of anybody.
create policy reached on fieldapp.scope_head using (
    fieldapp.is_judging()
    and exists (select from fieldapp.membership m where m.account = fieldapp.me())
);
create policy reached on fieldapp.number_counter using (
    fieldapp.is_judging()
    and exists (select from fieldapp.membership m where m.account = fieldapp.me())
);

grant select, insert, update on fieldapp.object_scope to fieldapp_sync;
revoke execute on function fieldapp.is_judging(), fieldapp.scope_kind(text) from public;
grant execute on function fieldapp.is_judging(), fieldapp.scope_kind(text) to fieldapp_sync;
