"""Starting, migrating and the operator's commands, each as a process or a database of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from fieldapp.clock import SystemClock
from fieldapp.domain.exchange import PushRequest
from fieldapp.errors import DatabaseUnreachable, SchemaTooOld, ServerTrouble
from fieldapp.server.configuration import ServerSettings
from fieldapp.server.database import open_pool
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.server.forms import Forms
from fieldapp.server.migrations import found_version, known_version, migrate, migrations
from fieldapp.server.process import ServerProcess
from fieldapp.server.push import push
from fieldapp.server.replies import described
from fieldapp.server.sessions import Account
from fieldapp.sync import protocol
from tests.servers import PACKS, PASSWORD, Laptop, Server, survey


def run(
    server: Server, *arguments: str, typed: str = "", failpoint: str = ""
) -> subprocess.CompletedProcess[str]:
    owner = {"FIELDAPP_OWNER_URL": server.postgres.owner_url, "FIELDAPP_FAILPOINT": failpoint}
    return subprocess.run(
        [sys.executable, "-m", "fieldapp", "server", *arguments],
        env={**os.environ, **owner},
        input=typed, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@contextmanager
def over(
    postgres: EmbeddedPostgres, owner_url: str, sync_url: str, packs: Path
) -> Iterator[Server]:
    """An app server over another database of the cluster."""
    with ServerProcess.start(sync_url, packs_dir=packs) as process:
        running = Server(process.base_url, _Owned(postgres, owner_url), process, packs)
        try:
            yield running
        finally:
            running.close()


def test_an_operator_makes_a_scope_a_user_and_a_code_that_enrols(server: Server) -> None:
    scope, user = "가상-명령-동", "가상-명령-직원"

    done = [
        run(server, "migrate"),
        run(server, "add-scope", scope),
        run(server, "add-user", user, "--name", "가상 이름", "--role", "secretariat",
            "--password-stdin", typed=f"{PASSWORD}\n"),
        run(server, "invite", user, "--scope", scope),
    ]  # fmt: skip

    assert [one.returncode for one in done] == [0, 0, 0, 0], [one.stderr for one in done]
    laptop = Laptop(server.base_url, user, scope)
    server.laptops.append(laptop)
    laptop.sign_in()
    assert laptop.enrol(done[-1].stdout.strip()).scopes == (scope,)
    assert laptop.receipt(laptop.create(survey())).status == "applied"


def test_an_operator_takes_somebody_out_of_a_scope_and_its_records_are_theirs_no_more(
    server: Server,
) -> None:
    here, there, user = "가상-남는-동", "가상-떠나는-동", "가상-떠나는-직원"
    for scope in (here, there):
        assert run(server, "add-scope", scope).returncode == 0
    made = run(server, "add-user", user, "--name", "가상 이름", "--role", "secretariat", "--scope",
               here, "--scope", there, "--password-stdin", typed=f"{PASSWORD}\n")  # fmt: skip
    assert made.returncode == 0
    laptop = server.laptop(user, here)
    left = laptop.create(survey(), scope=there)
    laptop.push(left)
    assert [row.object.id for row in laptop.pull()] == [left.object.id]

    done = run(server, "remove-member", user, "--scope", there)

    assert done.returncode == 0, done.stderr
    assert {head.id for head in laptop.hello().scopes} == {here}
    laptop.cursors.clear()
    assert laptop.pull() == []
    assert run(server, "remove-member", user, "--scope", "가상-없는동").returncode == 1


def test_a_monitor_works_for_a_town_and_for_the_team_that_monitors_it(server: Server) -> None:
    town, team, user = "가상-모니터링-동", "가상-모니터링단", "가상-조사원"
    done = [
        run(server, "add-scope", town),
        run(server, "add-scope", team, "--kind", "org", "--parent", town),
        run(server, "add-user", user, "--name", "가상 조사원", "--role", "monitor", "--role",
            "secretariat", "--scope", town, "--scope", team, "--password-stdin",
            typed=f"{PASSWORD}\n"),
        run(server, "invite", user, "--scope", team),
    ]  # fmt: skip

    assert [one.returncode for one in done] == [0, 0, 0, 0], [one.stderr for one in done]
    laptop = Laptop(server.base_url, user, town)
    server.laptops.append(laptop)
    laptop.sign_in()
    assert laptop.enrol(done[-1].stdout.strip()).scopes == tuple(sorted((town, team)))
    in_town, in_team = laptop.create(survey()), laptop.create(survey(), scope=team)
    laptop.push(in_town, in_team)
    assert {(row.scope, row.object.id) for row in laptop.pull()} == {
        (town, in_town.object.id), (team, in_team.object.id),
    }  # fmt: skip


def test_an_invitation_for_nobody_says_so_in_korean(server: Server) -> None:
    done = run(server, "invite", "가상-없는사람", "--scope", "가상-없는동")

    assert done.returncode == 1
    assert "가상-없는사람" in done.stderr
    assert "add-user" in done.stderr
    assert done.stdout == ""


def test_migrating_twice_changes_nothing(server: Server) -> None:
    epoch = server.sql("select epoch from fieldapp.server_meta")

    assert migrate(server.postgres.owner_url) == known_version()
    assert server.sql("select epoch from fieldapp.server_meta") == epoch


def test_a_database_of_the_first_schema_is_brought_up_with_what_it_holds(
    server: Server, postgres: EmbeddedPostgres
) -> None:
    postgres.create_database("older")
    owner_url = postgres.url("older")
    record, scope = "01937000-0000-7000-8000-000000000100", "가상-옛동"
    with psycopg.connect(owner_url) as connection:
        connection.execute(migrations()[0].text.encode())
        connection.execute("insert into fieldapp.scope (id, kind) values (%s, 'town')", [scope])
        connection.execute(
            "insert into fieldapp.record (id, scope, form_id, form_version, kind, state, rev, hash,"
            " doc) values (%s, %s, 'P13e', '1', 'survey', '완료', 1, %s, '{}')",
            [record, scope, "0" * 64],
        )
        connection.execute(
            "insert into fieldapp.change_row values (%s, 1, 'put', %s, 1, null)", [scope, record]
        )
        connection.execute("insert into fieldapp.scope_head (scope, head) values (%s, 1)", [scope])
        assert found_version(connection) == 1

    assert migrate(owner_url) == known_version()

    with over(postgres, owner_url, postgres.url("older", user="fieldapp_sync"), server.packs) as up:
        laptop = up.laptop(up.new_user(scope), scope)
        (row,) = laptop.pull()
        assert (row.object.id, row.object.list, row.rev) == (record, None, 1)
        assert laptop.receipt(laptop.create(survey())).status == "applied"


def test_an_owner_who_is_no_superuser_can_migrate_and_serve(
    server: Server, postgres: EmbeddedPostgres
) -> None:
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("create role plain_owner login")
        connection.execute("create database plain owner plain_owner")
    owner_url = postgres.url("plain", user="plain_owner")

    assert migrate(owner_url) == known_version()

    sync_url = postgres.url("plain", user="fieldapp_sync")
    with over(postgres, owner_url, sync_url, server.packs) as plain:
        laptop = plain.new_laptop()
        assert laptop.receipt(laptop.create(survey())).status == "applied"
        assert [seen.applied_seq for seen in laptop.hello().scopes[0].replicas] == [1]
        # What people wrote is withheld from the owner of the tables as well.
        assert plain.sql("select 1 from fieldapp.record") == []


class _Owned(EmbeddedPostgres):
    """The same cluster, with another owner's database in front."""

    def __init__(self, postgres: EmbeddedPostgres, owner_url: str) -> None:
        self._owner_url = owner_url
        self._postgres = postgres

    @property
    def owner_url(self) -> str:
        return self._owner_url


def test_a_server_refuses_a_database_that_has_not_been_migrated(
    server: Server, postgres: EmbeddedPostgres, capfd: pytest.CaptureFixture[str]
) -> None:
    postgres.create_database("empty")
    url = postgres.url("empty")

    with pytest.raises(SchemaTooOld):
        open_pool(ServerSettings(url, PACKS))
    with pytest.raises(ServerTrouble):
        ServerProcess.start(url, packs_dir=PACKS)
    assert "fieldapp server migrate" in capfd.readouterr().err


def test_a_database_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable):
        migrate(f"postgresql://nobody@/nothing?host={tmp_path}")


def test_signing_in_as_the_owner_gives_the_app_server_no_more_rights(
    server: Server, laptop: Laptop
) -> None:
    laptop.push(laptop.create(survey()))
    pool = open_pool(ServerSettings(server.postgres.owner_url, PACKS))
    try:
        with pool.connection() as connection:
            assert connection.execute("select count(*) from fieldapp.record").fetchone() == (0,)
            assert connection.execute("show jit").fetchone() == ("off",)
    finally:
        pool.close()


def test_a_text_that_postgresql_cannot_hold_is_refused_alone_and_kept(
    server: Server, laptop: Laptop
) -> None:
    # The shapes refuse a NUL at the door; this is what stands behind the door.
    good, bad = laptop.create(survey(1)), laptop.create(survey(2) | {"good": "가상\x00글"})
    pool = open_pool(ServerSettings(server.postgres.sync_url, PACKS))
    try:
        forms = Forms.load(server.packs, SystemClock())
        account = Account(laptop.user, laptop.user, frozenset({"secretariat"}))
        request = PushRequest(replica=laptop.replica, incarnation=1, ops=(good, bad))
        reply = push(pool, forms, account, request, SystemClock().now())
    finally:
        pool.close()

    assert [receipt.status for receipt in reply.results] == ["applied", "rejected"]
    assert reply.results[1].code == "not_storable"
    kept = server.sql("select operation from fieldapp.quarantine where op_id = %s", [bad.op_id])
    assert len(kept) == 1
    assert b"\\u0000" in bytes(kept[0][0])


def test_a_log_line_about_an_error_carries_nothing_of_what_was_written(server: Server) -> None:
    canary = "가상-비밀"
    with (
        psycopg.connect(server.postgres.owner_url) as connection,
        pytest.raises(psycopg.Error) as caught,
    ):
        connection.execute(sql.SQL("select {}::integer").format(sql.Literal(canary)))

    assert canary in str(caught.value)
    line = described(caught.value)
    assert canary not in line
    assert "InvalidTextRepresentation sqlstate=22P02" in line


def test_an_error_that_another_overtakes_is_logged_without_a_word_of_what_was_written(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "가상-비밀"

    def fail(connection: psycopg.Connection) -> None:
        with connection.pipeline():
            connection.execute("insert into kept values (%s, null)", [canary])
            raise LookupError

    with psycopg.connect(server.postgres.owner_url) as connection:
        connection.execute("create temporary table kept (word text, number integer not null)")
        with pytest.raises(LookupError):
            fail(connection)

    assert "NotNullViolation" in caplog.text
    assert canary not in caplog.text


def test_a_crash_is_told_without_a_word_of_what_was_written(
    server: Server, postgres: EmbeddedPostgres, capfd: pytest.CaptureFixture[str]
) -> None:
    canary = "가상-비밀"
    postgres.create_database("broken")
    owner_url = postgres.url("broken")
    migrate(owner_url)
    url = postgres.url("broken", user="fieldapp_sync")
    with over(postgres, owner_url, url, server.packs) as broken:
        laptop = broken.new_laptop()
        broken.sql(
            "create function tell() returns trigger language plpgsql as"
            " $$ begin raise exception '%%', new.doc; end $$"
        )
        broken.sql(
            "create trigger tell before insert on fieldapp.record"
            " for each row execute function tell()"
        )
        reply = laptop.post_push(laptop.create(survey() | {"good": canary}))

    assert (reply.status_code, reply.json()["code"]) == (500, "server_failed")
    assert set(reply.json()) == {"code", "happened", "safe", "next"}
    told = capfd.readouterr()
    assert "RaiseException sqlstate=P0001" in told.err
    assert canary not in told.err + told.out + reply.text


def test_a_line_that_breaks_in_the_middle_of_a_push_is_no_crash(
    server: Server, postgres: EmbeddedPostgres, capfd: pytest.CaptureFixture[str]
) -> None:
    with over(postgres, server.postgres.owner_url, server.postgres.sync_url, server.packs) as other:
        laptop = other.new_laptop()
        head = "".join(
            f"{name}: {value}\r\n"
            for name, value in laptop.http.headers.items()
            if name.lower() not in ("connection", "accept-encoding")
        )
        url = laptop.http.base_url
        with socket.create_connection((url.host, url.port or 80)) as line:
            line.sendall(
                f"POST {protocol.PUSH} HTTP/1.1\r\nHost: {url.host}\r\n{head}"
                "Content-Length: 5000\r\n\r\n{".encode()
            )
        assert laptop.post_push(laptop.create(survey())).status_code == 200

    assert "ClientDisconnect" not in capfd.readouterr().err


def test_a_cluster_is_found_again_by_the_next_one_that_starts_it(
    server: Server, postgres: EmbeddedPostgres
) -> None:
    before = server.sql("select pg_postmaster_start_time()")

    again = EmbeddedPostgres(Path(postgres.folder))
    again.__enter__()

    assert again.url("fieldapp") == postgres.url("fieldapp")
    assert server.sql("select pg_postmaster_start_time()") == before
