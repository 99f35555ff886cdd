-- Devices that are being returned (반납 준비: they may bring what they have and receive nothing)
-- or are used no more (사용 중지: they are told so, and nothing else).

alter table fieldapp.replica drop constraint replica_state_check;
alter table fieldapp.replica add constraint replica_state_check
    check (state in ('active', 'drain', 'revoked'));

-- A device that is being returned may still have something to bring: it counts as 미수신.
create or replace function fieldapp.scope_replicas()
returns table (scope text, replica uuid, last_seen timestamptz, applied_seq bigint)
language sql stable security definer set search_path = '' as $$
    select theirs.scope, r.id, r.last_seen, r.applied_seq
    from fieldapp.membership mine
    join fieldapp.membership theirs on theirs.scope = mine.scope
    join fieldapp.replica r on r.account = theirs.account and r.state <> 'revoked'
    where mine.account = fieldapp.me()
    order by theirs.scope, r.id
$$;

-- The device that a sign-in belongs to: the first that speaks with it. A token taken from a device
-- that is used no more does not serve in the name of another.
alter table fieldapp.token add column replica uuid references fieldapp.replica;

create function fieldapp.account_of_device(token text, asker uuid, at timestamptz)
returns table (id text, name text, roles text[], state text)
language plpgsql security definer set search_path = '' as $$
declare
    found_token fieldapp.token;
    found_replica fieldapp.replica;
begin
    select * into found_token from fieldapp.token t
    where t.token_hash = token and t.expires_at > at
        and (t.replica is null or t.replica = asker);
    if not found then
        return;
    end if;
    select * into found_replica from fieldapp.replica r
    where r.id = asker and r.account = found_token.account;
    if found and found_token.replica is null then
        update fieldapp.token t set replica = asker
        where t.token_hash = token and t.replica is null;
    end if;
    return query
        select a.id, a.name, a.roles, found_replica.state from fieldapp.account a
        where a.id = found_token.account and a.active;
end
$$;

-- The pair that a refresh is spent for is of the same device.
create function fieldapp.keep_renewed_token(
    token text, refresh text, whose text, until timestamptz, refresh_until timestamptz, spent text
) returns void
language sql security definer set search_path = '' as $$
    insert into fieldapp.token
        (token_hash, refresh_hash, account, expires_at, refresh_expires_at, replica)
    select token, refresh, whose, until, refresh_until, t.replica
    from fieldapp.token t where t.refresh_hash = spent
$$;

revoke execute on function
    fieldapp.account_of_device(text, uuid, timestamptz),
    fieldapp.keep_renewed_token(text, text, text, timestamptz, timestamptz, text)
from public;
grant execute on function
    fieldapp.account_of_device(text, uuid, timestamptz),
    fieldapp.keep_renewed_token(text, text, text, timestamptz, timestamptz, text)
to fieldapp_sync;
