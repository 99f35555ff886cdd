-- The functions of 0012 and the one below look up for somebody what they may not all see. The owner
-- of the tables, in whose name they do, sees no more than anybody else (0001) unless it is a
-- superuser: so much is opened to it while the app server asks (which sets its role, whoever it signs
-- in as), and no longer.
create policy looked_up on fieldapp.record for select to current_user
    using (current_setting('role') = 'fieldapp_sync');
create policy looked_up on fieldapp.entity for select to current_user
    using (current_setting('role') = 'fieldapp_sync');
create policy looked_up on fieldapp.object_scope for select to current_user
    using (current_setting('role') = 'fieldapp_sync');

-- What is about an entity, belongs to it or was merged into it, in whichever office: it is not deleted
-- before that. Records have no list.
create function fieldapp.naming(asked_list text, asked uuid) returns table (list text, id uuid)
language sql stable security definer set search_path = '' as $$
    select named.list, named.id
    from (
        select null::text as list, r.id from fieldapp.record r
        where r.subject = asked::text and r.doc -> 'subject' ->> 'list' = asked_list
            and not r.deleted
        union all
        select e.list, e.id from fieldapp.entity e
        where not e.deleted and (e.household = asked::text
            or (e.list = asked_list and e.doc ->> 'merged_into' = asked::text))
    ) named
    where exists (select from fieldapp.membership m where m.account = fieldapp.me())
$$;

revoke execute on function fieldapp.naming(text, uuid) from public;
grant execute on function fieldapp.naming(text, uuid) to fieldapp_sync;
