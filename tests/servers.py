"""A real server for tests: embedded PostgreSQL, uvicorn in a process of its own, plain laptops.

`Laptop` speaks the doors with httpx alone, so that what is proved of the server does not lean on
the exchange of the real app. Each test makes scopes and accounts of its own in one database.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import itertools
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Self

import httpx
import psycopg
import pytest
from psycopg import sql

from fieldapp.clock import KOREA, instant_text
from fieldapp.crypto.wrapping import Cost
from fieldapp.domain.exchange import (
    Enrolled,
    Hello,
    PulledRow,
    PullReply,
    PullRequest,
    PushReply,
    PushRequest,
    Receipt,
    Tokens,
)
from fieldapp.domain.ids import uuid7
from fieldapp.domain.operation import (
    Base,
    ClockStamp,
    FormRef,
    ObjectRef,
    Operation,
    PatchLine,
    Transition,
    changed_answers,
)
from fieldapp.domain.shapes import decode, encode
from fieldapp.packs import read_pack
from fieldapp.packs.conversion import convert
from fieldapp.server import accounts
from fieldapp.server.configuration import FILES_VARIABLE, SYNC_ROLE
from fieldapp.server.embedded import DATABASE, EmbeddedPostgres
from fieldapp.server.migrations import migrate
from fieldapp.server.process import ServerProcess
from fieldapp.sync import protocol

PACKS = Path(__file__).parent.parent / "resources" / "packs"
_COMPILED = Path(__file__).parent.parent / ".pytest_cache" / "packs"
FORM = FormRef(id="P13e", version="2026120101")
#: As weak as Argon2 goes: only for accounts of tests.
CHEAP = Cost(time_cost=1, memory_kib=8, parallelism=1)
PASSWORD = "가상-비밀번호-1"
_numbers = itertools.count(1)


@contextmanager
def embedded_postgres() -> Iterator[EmbeddedPostgres]:
    """A migrated cluster in a folder of its own, gone afterwards.

    Not under pytest's own folder: that one is closed to other users at each start of a pytest, and
    as root the cluster runs as somebody else.
    """
    folder = Path(tempfile.mkdtemp(prefix="fieldapp-pg-"))
    try:
        with EmbeddedPostgres(folder / "cluster") as postgres:
            migrate(postgres.owner_url)
            yield postgres
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def without_flushing(postgres: EmbeddedPostgres) -> None:
    """What is committed outlives the death of every process, and not that of the machine."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("alter system set fsync = off")
        connection.execute("select pg_reload_conf()")


class OneDatabase(EmbeddedPostgres):
    """A database of its own in a running cluster."""

    def __init__(self, cluster: EmbeddedPostgres, name: str) -> None:
        super().__init__(cluster.folder)
        self._cluster = cluster
        self.name = name

    @classmethod
    def like_the_first(cls, cluster: EmbeddedPostgres, name: str) -> Self:
        """A new one, copied from the cluster's own, in which nothing was ever written."""
        made = cls(cluster, name)
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
            names = sql.Identifier(name), sql.Identifier(DATABASE)
            connection.execute(sql.SQL("create database {} template {}").format(*names))
        return made

    @property
    def owner_url(self) -> str:
        return self.url(self.name)

    @property
    def sync_url(self) -> str:
        return self.url(self.name, user=SYNC_ROLE)

    def url(self, database: str, *, user: str = "postgres") -> str:
        return self._cluster.url(database, user=user)


@dataclass(frozen=True)
class Server:
    """A running app server, and the database behind it as its owner sees it.

    process: None for one that the test forked. packs: the same form versions compiled, so that a
    further server starts sooner.
    """

    base_url: str
    postgres: EmbeddedPostgres
    process: ServerProcess | None
    packs: Path
    laptops: list[Laptop] = field(default_factory=list)

    @property
    def files(self) -> Path:
        """Where this server and every further one keep attachments."""
        return Path(beside(self.packs)[FILES_VARIABLE])

    def another(self, *, port: int = 0, failpoint: str = "") -> ServerProcess:
        """One more app server over the same database; it dies where the failpoint says."""
        env = {"FIELDAPP_FAILPOINT": failpoint, **beside(self.packs)}
        url = self.postgres.sync_url
        return ServerProcess.start(url, packs_dir=self.packs, port=port, env=env)

    def new_scope(self) -> str:
        """A town of its own."""
        scope = f"가상-동-{next(_numbers)}"
        with accounts.owner_connection(self.postgres.owner_url) as owner:
            accounts.add_scope(owner, scope)
        return scope

    def new_user(self, *scopes: str, roles: Sequence[str] = ("secretariat",)) -> str:
        """An account with the password `PASSWORD`."""
        user = f"가상-직원-{next(_numbers)}"
        with accounts.owner_connection(self.postgres.owner_url) as owner:
            accounts.add_user(
                owner,
                user,
                name=f"{user} 이름",
                password=PASSWORD,
                roles=roles,
                scopes=scopes,
                cost=CHEAP,
            )
        return user

    def invite(self, user: str, scope: str, at: datetime | None = None) -> str:
        """A one-time code."""
        with accounts.owner_connection(self.postgres.owner_url) as owner:
            return accounts.invite(owner, user, scope=scope, at=at or datetime.now(UTC))

    def laptop(self, user: str, scope: str, base_url: str | None = None) -> Laptop:
        """A laptop of this user, signed in and enrolled for the scope."""
        laptop = Laptop(base_url or self.base_url, user, scope)
        self.laptops.append(laptop)
        laptop.sign_in()
        laptop.enrol(self.invite(user, scope))
        return laptop

    def new_laptop(self, scope: str | None = None) -> Laptop:
        """A laptop of a new user, in a new scope unless one is given."""
        home = scope or self.new_scope()
        return self.laptop(self.new_user(home), home)

    def close(self) -> None:
        """Put every laptop's connection down."""
        for laptop in self.laptops:
            laptop.http.close()

    def sql(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Ask the database as its owner, past every policy."""
        with psycopg.connect(self.postgres.owner_url) as connection:
            cursor = connection.execute(statement.encode(), parameters)
            return cursor.fetchall() if cursor.description else []


@dataclass
class Laptop:
    """A device as the server sees one: a bearer token, a replica, an op_seq."""

    base_url: str
    user: str
    scope: str
    http: httpx.Client = field(init=False)
    replica: str = ""
    incarnation: int = 1
    seq: int = 0
    cursors: dict[str, str] = field(default_factory=dict)
    tokens: Tokens | None = None

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.base_url, timeout=60, trust_env=False)

    def sign_in(self) -> None:
        """Get tokens for the password."""
        asked = {"user": self.user, "password": PASSWORD}
        reply = self.http.post(protocol.SIGN_IN, json=asked)
        assert reply.status_code == 200, reply.text
        self.use(decode(Tokens, reply.content))

    def use(self, tokens: Tokens) -> None:
        """Go on with these tokens."""
        self.tokens = tokens
        self.http.headers["Authorization"] = f"Bearer {tokens.token}"
        self.http.headers[protocol.PROTOCOL_HEADER] = str(protocol.PROTOCOL_MAX)

    def enrol(self, code: str, key: bytes | None = None) -> Enrolled:
        """Become a replica."""
        key_text = base64.b64encode(key or secrets.token_bytes(32)).decode()
        reply = self.http.post(protocol.ENROLL, json={"code": code, "public_key": key_text})
        assert reply.status_code == 200, reply.text
        enrolled = decode(Enrolled, reply.content)
        self.replica = enrolled.replica
        self.http.headers[protocol.REPLICA_HEADER] = enrolled.replica
        return enrolled

    def hello(self) -> Hello:
        """Greet the server."""
        return decode(Hello, self.http.get(protocol.HELLO).content)

    def create(
        self, answers: Mapping[str, str], *, scope: str | None = None, **facts: Any
    ) -> Operation:
        """A finished survey as an operation; `facts` replace fields of it."""
        record = facts.pop("record", None) or uuid7(datetime.now(UTC))
        given = dict(answers) | {"meta/instanceID": f"uuid:{record}"}
        return self._operation(
            record,
            kind="create",
            scope=scope or self.scope,
            **{
                "patch": changed_answers(None, given),
                "transition": Transition(to="완료", seen_rev=0),
                **facts,
            },
        )

    def change(
        self, record: str, base: int | str, patch: Sequence[tuple[str, str | None, str | None]],
        *, kind: str = "change", **facts: Any,
    ) -> Operation:  # fmt: skip
        """Lines (path, old, new) over a revision number or over an own operation."""
        return self._operation(
            record,
            kind=kind,
            base=Base(rev=base) if isinstance(base, int) else Base(op=base),
            patch=tuple(PatchLine(path=path, old=old, new=new) for path, old, new in patch),
            **facts,
        )

    def _operation(self, record: str, **facts: Any) -> Operation:
        self.seq += 1
        now = datetime.now(KOREA)
        given: dict[str, Any] = {
            "op_id": uuid7(now),
            "replica": self.replica,
            "seq": self.seq,
            "object": ObjectRef(type="record", id=record),
            "form": FORM,
            "author": self.user,
            "at": instant_text(now),
            "clock": ClockStamp(offset_ms=0, boot_id="boot"),
        }
        return Operation(**(given | facts))

    def post_push(self, *ops: Operation) -> httpx.Response:
        """Bring operations; whatever comes back."""
        request = PushRequest(replica=self.replica, incarnation=self.incarnation, ops=ops)
        return self.http.post(protocol.PUSH, content=encode(request))

    def push(self, *ops: Operation) -> PushReply:
        """Bring operations; the reply, read strictly."""
        reply = self.post_push(*ops)
        assert reply.status_code == 200, reply.text
        return decode(PushReply, reply.content)

    def receipt(self, operation: Operation) -> Receipt:
        """Bring one operation; its receipt."""
        return self.push(operation).results[0]

    def post_pull(self, budget: int = protocol.PULL_BUDGET_BYTES) -> httpx.Response:
        """Ask for a page from the cursors held; whatever comes back."""
        request = PullRequest(cursors=dict(self.cursors), budget=budget)
        return self.http.post(protocol.PULL, content=encode(request))

    def page(self, budget: int = protocol.PULL_BUDGET_BYTES) -> PullReply:
        """One page; the cursors move on."""
        reply = self.post_pull(budget)
        assert reply.status_code == 200, reply.text
        page = decode(PullReply, reply.content)
        self.cursors.update(page.cursors)
        return page

    def pull(self, budget: int = protocol.PULL_BUDGET_BYTES) -> list[PulledRow]:
        """Page after page until there is no more."""
        rows: list[PulledRow] = []
        while True:
            page = self.page(budget)
            rows += page.rows
            if not page.more:
                return rows


def survey(serial: int = 1, **items: str) -> dict[str, str]:
    """Answers of a finished P13e, with its calculates; `items` replace single answers q1…q7."""
    scores = {f"q{number}": "4" for number in range(1, 8)} | items
    valid = [int(score) for score in scores.values() if 1 <= int(score) <= 5]
    return {
        "today": "2026-11-21",
        "batch": "2026-11 가상-햇살동",
        "serial": str(serial),
        "mode": "paper",
        **{f"items/{name}": score for name, score in scores.items()},
        "answered": str(len(valid)),
        "mean5": f"{round(sum(valid) / len(valid), 2):g}",
        "again": "1",
        "damage": "2",
        "good": "가상-시간을 잘 지켰음",
    }


@pytest.fixture(scope="session")
def postgres(cluster: EmbeddedPostgres) -> OneDatabase:
    """A migrated database for the tests of a folder."""
    return OneDatabase.like_the_first(cluster, f"folder_{next(_numbers)}")


@pytest.fixture(scope="session")
def compiled_packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packs as a server that compiled them before would find them."""
    folder = tmp_path_factory.mktemp("packs")
    for workbook in PACKS.glob("*.xlsx"):
        (folder / f"{workbook.stem}.pack").write_bytes(compiled(workbook))
    return folder


def compiled(workbook: Path) -> bytes:
    """A workbook compiled, once for all test processes while neither it nor the code changes."""
    content = workbook.read_bytes()
    key = hashlib.sha256(content + _readers_hash()).hexdigest()
    kept = _COMPILED / f"{key}.pack"
    _COMPILED.mkdir(parents=True, exist_ok=True)
    with (_COMPILED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            fresh = kept.with_suffix(".new")
            fresh.write_bytes(read_pack(content, workbook.name, converter=convert).to_stored())
            fresh.replace(kept)
    return kept.read_bytes()


@cache
def _readers_hash() -> bytes:
    """Of the code that reads workbooks and forms: what it made before, it may make otherwise."""
    source = Path(__file__).parent.parent / "fieldapp"
    rooms = ("packs", "forms", "domain")
    files = sorted(file for room in rooms for file in (source / room).rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).digest()


def beside(packs: Path) -> dict[str, str]:
    """The environment of a server that keeps attachments beside its packs."""
    return {FILES_VARIABLE: str(packs.with_name(f"{packs.name}-files"))}


@pytest.fixture(scope="session")
def server(postgres: EmbeddedPostgres, compiled_packs: Path) -> Iterator[Server]:
    """One app server for the session."""
    env = beside(compiled_packs)
    with ServerProcess.start(postgres.sync_url, packs_dir=compiled_packs, env=env) as process:
        running = Server(process.base_url, postgres, process, compiled_packs)
        yield running
        running.close()


@pytest.fixture
def laptop(server: Server) -> Laptop:
    """A laptop of a new user in a new scope."""
    return server.new_laptop()
