-- Attachments (tus 1.0). What comes up is kept as chunks, so that any of several app servers may go
-- on with it; a whole file lies in the object store, named by its hash, and here stands who has it:
-- a file is known to the scope that brought it and to no other, however often it lies in the store.

create table fieldapp.file (
    scope text not null references fieldapp.scope,
    name text not null check (name ~ '^[0-9a-f]{64}[.][a-z]{3,4}$'),
    size bigint not null check (size > 0),
    stored_at timestamptz not null default now(),
    primary key (scope, name)
);

-- received: how many bytes from the first are here. An upload whose file is stored has no chunks
-- any more; it stays until it expires, to answer a device that lost the last reply.
create table fieldapp.upload (
    id uuid primary key,
    replica uuid not null,
    account text not null,
    scope text not null references fieldapp.scope,
    name text not null check (name ~ '^[0-9a-f]{64}[.][a-z]{3,4}$'),
    size bigint not null check (size > 0),
    received bigint not null default 0 check (received between 0 and size),
    expires_at timestamptz not null,
    constraint upload_once unique (replica, scope, name, size)
);
create index upload_expiry on fieldapp.upload (expires_at);

create table fieldapp.upload_chunk (
    upload uuid not null references fieldapp.upload on delete cascade,
    at_byte bigint not null check (at_byte >= 0),
    content bytea not null check (length(content) between 1 and 262144),
    primary key (upload, at_byte)
);
-- Pictures are packed already: packing them again costs time and saves nothing.
alter table fieldapp.upload_chunk alter column content set storage external;

do $$
declare
    name text;
begin
    foreach name in array array['file', 'upload'] loop
        execute format('alter table fieldapp.%I enable row level security', name);
        execute format('alter table fieldapp.%I force row level security', name);
        execute format(
            'create policy member on fieldapp.%I using (scope in '
            '(select m.scope from fieldapp.membership m where m.account = fieldapp.me()))', name);
    end loop;
end
$$;
-- An object that is shared, or has moved, is seen by members of other scopes too. Once the asker was
-- shown to see an object that names a file, the transaction names the file in app.file: it opens
-- this one, and an upload of one's own.
create policy named on fieldapp.file using (
    name = current_setting('app.file', true)
    and exists (select from fieldapp.membership m where m.account = fieldapp.me())
);
create policy own on fieldapp.upload using (
    account = fieldapp.me()
    and exists (select from fieldapp.membership m where m.account = fieldapp.me())
);
alter table fieldapp.upload_chunk enable row level security;
alter table fieldapp.upload_chunk force row level security;
create policy member on fieldapp.upload_chunk using (
    exists (select from fieldapp.upload u where u.id = upload)
);

grant select, insert on fieldapp.file to fieldapp_sync;
grant select, insert, delete, update (received, expires_at) on fieldapp.upload to fieldapp_sync;
grant select, insert, delete on fieldapp.upload_chunk to fieldapp_sync;
