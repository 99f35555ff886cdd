-- What a scope is called by people, and which scopes an account may name: where a household is sent
-- to, and whom it is shared with.

-- Null: people say its id.
alter table fieldapp.scope add column label text check (label <> '');

-- Every scope of the trees that this account's scopes stand in, and every other tree's root: a town
-- sends to its neighbours, and to another district as a whole. Offices are no secret. A private
-- scope is one, even that it exists, to all but its members.
create function fieldapp.places() returns table (id text, label text, kind text, parent text)
language sql stable security definer set search_path = '' as $$
    with recursive mine as (
        select m.scope from fieldapp.membership m where m.account = fieldapp.me()
    ), above as (
        select s.id, s.parent from fieldapp.scope s join mine on mine.scope = s.id
        union
        select s.id, s.parent from fieldapp.scope s join above on above.parent = s.id
    ), known as (
        select s.id from fieldapp.scope s where s.parent is null
            and exists (select from mine)
    ), below as (
        select a.id from above a where a.parent is null
        union
        select s.id from fieldapp.scope s join below on s.parent = below.id
    )
    select s.id, coalesce(s.label, s.id), s.kind, s.parent
    from fieldapp.scope s
    where s.id in (select b.id from below b union select k.id from known k)
        and (s.kind <> 'private' or s.id in (select mine.scope from mine))
    order by s.id
$$;

-- A household that turned out to be another moves with it.
create index entity_merged on fieldapp.entity (list, (doc ->> 'merged_into'))
    where doc ->> 'merged_into' is not null;

-- Who sees an entity beside its home, for members of its home alone.
create function fieldapp.seen_by(asked_list text, asked uuid) returns table (scope text, view text)
language sql stable security definer set search_path = '' as $$
    select s.scope, s.view
    from fieldapp.object_scope s
    join fieldapp.entity e on e.list = s.list and e.id = s.object_id
    join fieldapp.membership m on m.scope = e.scope and m.account = fieldapp.me()
    where s.list = asked_list and s.object_id = asked and s.until_rev is null
        and s.scope <> e.scope
    order by s.scope
$$;

-- Which of these entities are at home in a private scope, and in which: a record about one of them is
-- written there or nowhere, also by somebody who may not see it.
create function fieldapp.private_homes(lists text[], ids uuid[])
returns table (list text, id uuid, scope text)
language sql stable security definer set search_path = '' as $$
    select e.list, e.id, e.scope
    from unnest(lists, ids) as asked (list, id)
    join fieldapp.entity e on e.list = asked.list and e.id = asked.id
    join fieldapp.scope s on s.id = e.scope and s.kind = 'private'
    where exists (select from fieldapp.membership m where m.account = fieldapp.me())
$$;

revoke execute on function
    fieldapp.places(), fieldapp.seen_by(text, uuid), fieldapp.private_homes(text[], uuid[])
from public;
grant execute on function
    fieldapp.places(), fieldapp.seen_by(text, uuid), fieldapp.private_homes(text[], uuid[])
to fieldapp_sync;
