"""Who may ask for what, and what the database itself withholds from the app server."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest
from psycopg import errors as pg
from psycopg import sql

from fieldapp.domain.exchange import Tokens
from fieldapp.domain.shapes import decode
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.sync import protocol
from tests.server.errands import change_entity, checked, entity, making, new_id
from tests.servers import PASSWORD, Laptop, Server, survey

FORCED = {
    "record", "record_version", "entity", "entity_version", "number_counter", "conflict",
    "object_scope", "change_row", "op_receipt", "quarantine", "file", "upload", "upload_chunk",
    "known_number",
}  # fmt: skip
GUARDED = FORCED | {"membership", "replica", "scope", "scope_head"}
CLOSED = {"account", "token", "enrol_code", "settlement_mark"}
#: Of nobody: programmes and lists, offered by place (`test_catalogue.py`).
OFFERED = {"catalogue_item"}
#: Added to through the app server, and never read through it.
APPENDED = {"access_log", "log_checkpoint"}


@pytest.fixture
def busy(server: Server) -> Laptop:
    """A laptop whose scope has a row in every table that is guarded."""
    scope = server.new_scope()
    roles = ("secretariat", "monitor")
    mine = server.laptop(server.new_user(scope, roles=roles), scope)
    yours = server.new_laptop(scope)
    created = mine.create(survey())
    mine.push(created, mine.create(survey(), scope="가상-모르는-동네"))
    improvement = entity("improvement", new_id())
    mine.push(checked(mine, making(improvement, {"content": "가상-문턱"})))
    share = ("@share", None, f"card {server.new_scope()}")
    mine.push(change_entity(mine, improvement, 1, [share]))
    yours.push(yours.change(created.object.id, 1, [("items/q1", "4", "5")]))
    mine.push(mine.change(created.object.id, 1, [("items/q1", "4", "1")]))
    upload_begun(server, mine)
    server.sql(
        "insert into fieldapp.known_number (list, id, scope, year, count)"
        " values ('improvement', %s, %s, 2026, 7)",
        [new_id(), scope],
    )
    return mine


def upload_begun(server: Server, laptop: Laptop) -> None:
    """A file that is there, and the first bytes of another."""
    name = "ab" * 32 + ".jpg"
    record = laptop.create(survey() | {"photo": name})
    laptop.push(record)
    given = {"name": name, "object": record.object.id}
    metadata = ",".join(
        f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in given.items()
    )
    tus = {"Tus-Resumable": protocol.TUS_VERSION}
    opening = tus | {"Upload-Length": "9", "Upload-Metadata": metadata}
    upload = laptop.http.post(protocol.FILES, headers=opening).json()["upload"]
    piece = tus | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    reply = laptop.http.patch(f"{protocol.FILES}/{upload}", content=b"first", headers=piece)
    assert reply.status_code == 204
    server.sql(
        "insert into fieldapp.file (scope, name, size) values (%s, %s, 9)", [laptop.scope, name]
    )


def counts(postgres: EmbeddedPostgres, account: str | None) -> dict[str, int]:
    """How many rows of each guarded table fieldapp_sync sees for an account."""
    found: dict[str, int] = {}
    with psycopg.connect(postgres.sync_url) as connection:
        if account is not None:
            connection.execute("select set_config('app.user', %s, true)", [account])
        for table in sorted(GUARDED):
            count = sql.SQL("select count(*) from fieldapp.{}").format(sql.Identifier(table))
            row = connection.execute(count).fetchone()
            assert row is not None
            found[table] = row[0]
    return found


def test_without_membership_the_sync_role_sees_no_row_of_any_guarded_table(
    server: Server, busy: Laptop
) -> None:
    assert all(counts(server.postgres, busy.user).values())

    nothing = dict.fromkeys(GUARDED, 0)
    assert counts(server.postgres, None) == nothing
    assert counts(server.postgres, "") == nothing
    assert counts(server.postgres, server.new_user()) == nothing
    server.sql("delete from fieldapp.membership where account = %s", [busy.user])
    assert counts(server.postgres, busy.user) == nothing


def test_a_member_of_another_scope_sees_none_of_this_ones_rows(
    server: Server, busy: Laptop
) -> None:
    outsider = server.new_laptop()

    seen = counts(server.postgres, outsider.user)

    own = {"membership", "replica", "scope", "scope_head"}
    assert {table for table, count in seen.items() if count} == own
    assert {seen[table] for table in own} == {1}


def test_every_table_is_guarded_or_closed_and_what_people_wrote_is_forced(server: Server) -> None:
    tables = server.sql(
        "select c.relname, c.relrowsecurity, c.relforcerowsecurity,"
        " has_table_privilege('fieldapp_sync', c.oid, 'select')"
        " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'fieldapp' and c.relkind = 'r'"
    )

    assert {row[0] for row in tables} == GUARDED | CLOSED | APPENDED | OFFERED | {"server_meta"}
    assert {row[0] for row in tables if row[1]} == GUARDED | APPENDED | OFFERED
    assert {row[0] for row in tables if row[2]} == FORCED | APPENDED
    assert {row[0] for row in tables if not row[3]} == CLOSED | APPENDED


def test_the_sync_role_owns_nothing_and_may_do_nothing_special(server: Server) -> None:
    assert server.sql(
        "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles"
        " where rolname = 'fieldapp_sync'"
    ) == [(False, False, False, False)]
    owned = server.sql(
        "select 1 from pg_class where relowner = 'fieldapp_sync'::regrole union all"
        " select 1 from pg_proc where proowner = 'fieldapp_sync'::regrole union all"
        " select 1 from pg_namespace where nspowner = 'fieldapp_sync'::regrole"
    )
    assert owned == []
    assert server.sql("select rolconfig from pg_roles where rolname = 'fieldapp_sync'") == [
        (["jit=off"],)
    ]


@pytest.mark.parametrize("table", sorted(CLOSED))
def test_accounts_tokens_and_codes_cannot_be_read_by_the_app_server(
    server: Server, table: str
) -> None:
    asked = sql.SQL("select * from fieldapp.{}").format(sql.Identifier(table))

    with (
        psycopg.connect(server.postgres.sync_url) as connection,
        pytest.raises(pg.InsufficientPrivilege),
    ):
        connection.execute(asked)


def test_the_sync_role_cannot_write_into_a_scope_of_others(server: Server, busy: Laptop) -> None:
    outsider = server.new_laptop()
    with psycopg.connect(server.postgres.sync_url) as connection:
        connection.execute("select set_config('app.user', %s, true)", [outsider.user])
        changed = connection.execute("update fieldapp.record set state = 'x'")
        assert changed.rowcount == 0
        with pytest.raises(pg.InsufficientPrivilege):
            connection.execute(
                "insert into fieldapp.change_row values (%s, 1, 'put', gen_random_uuid(), 1, null)",
                [busy.scope],
            )


def test_every_function_of_the_schema_is_closed_to_the_public(server: Server) -> None:
    open_ones = server.sql(
        "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspname = 'fieldapp' and has_function_privilege('public', p.oid, 'execute')"
    )
    assert open_ones == []


def test_a_replica_of_another_account_is_refused(server: Server) -> None:
    mine, yours = server.new_laptop(), server.new_laptop()
    mine.replica = yours.replica
    mine.http.headers[protocol.REPLICA_HEADER] = yours.replica

    for reply in (mine.post_push(), mine.post_pull(), mine.http.get(protocol.HELLO)):
        assert reply.status_code == 403
        assert reply.json()["code"] == "membership_missing"


def test_a_revoked_replica_and_a_member_of_nothing_are_refused(server: Server) -> None:
    revoked, former = server.new_laptop(), server.new_laptop()
    server.sql("update fieldapp.replica set state = 'revoked' where id = %s", [revoked.replica])
    server.sql("delete from fieldapp.membership where account = %s", [former.user])

    for laptop in (revoked, former):
        assert laptop.post_push(laptop.create(survey())).status_code == 403
        assert laptop.post_pull().status_code == 403


def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(server: Server) -> None:
    user = server.new_user()
    asked = [
        {"user": user, "password": "틀린 비밀번호"},
        {"user": "가상-없는사람", "password": PASSWORD},
    ]

    replies = [httpx.post(server.base_url + protocol.SIGN_IN, json=one) for one in asked]

    assert [reply.status_code for reply in replies] == [401, 401]
    assert replies[0].content == replies[1].content


def test_an_account_that_left_can_neither_sign_in_nor_go_on(server: Server, laptop: Laptop) -> None:
    server.sql("update fieldapp.account set active = false where id = %s", [laptop.user])
    asked = {"user": laptop.user, "password": PASSWORD}

    assert laptop.post_pull().status_code == 401
    assert laptop.http.post(protocol.SIGN_IN, json=asked).status_code == 401
    assert laptop.tokens is not None
    refresh = {"refresh": laptop.tokens.refresh}
    assert laptop.http.post(protocol.REFRESH, json=refresh).status_code == 401


def test_an_expired_token_is_renewed_by_the_other_one(server: Server, laptop: Laptop) -> None:
    server.sql("update fieldapp.token set expires_at = now() where account = %s", [laptop.user])
    assert laptop.post_pull().status_code == 401
    assert laptop.tokens is not None

    reply = laptop.http.post(protocol.REFRESH, json={"refresh": laptop.tokens.refresh})
    laptop.use(decode(Tokens, reply.content))

    assert laptop.post_pull().status_code == 200


def test_tokens_and_passwords_are_stored_as_hashes_only(server: Server, laptop: Laptop) -> None:
    assert laptop.tokens is not None
    stored = str(server.sql("select * from fieldapp.token")) + str(
        server.sql("select * from fieldapp.account")
    )

    for secret in (laptop.tokens.token, laptop.tokens.refresh, PASSWORD):
        assert secret not in stored


def test_a_code_enrols_one_key_once_and_answers_that_key_again(server: Server) -> None:
    scope = server.new_scope()
    user = server.new_user(scope)
    laptop = server.laptop(user, scope)
    code = server.invite(user, scope)
    key, other = b"1" * 32, b"2" * 32

    first = laptop.enrol(code, key)

    assert laptop.enrol(code, key) == first
    with pytest.raises(AssertionError, match="enrol_refused"):
        laptop.enrol(code, other)


def test_an_expired_code_and_a_code_of_another_user_are_refused(server: Server) -> None:
    scope = server.new_scope()
    laptop = server.new_laptop(scope)
    other = server.new_user(scope)
    last_month = datetime.now(UTC) - timedelta(days=30)

    for code in (
        server.invite(laptop.user, scope, last_month), server.invite(other, scope), "ABCD",
    ):  # fmt: skip
        with pytest.raises(AssertionError, match="enrol_refused"):
            laptop.enrol(code)
