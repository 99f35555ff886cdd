"""Records the tapes of `traffic/v1`: `python -m tests.contracts.record`.

Only for a tape that is new. One that stands is what devices in the field say: when a server no
longer answers it as it did, the server is wrong, not the tape.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fieldapp.domain.access_log import CHAIN_BEGINS, LogEntry, entry_hash
from fieldapp.domain.ids import ReplicaId, UserId
from fieldapp.domain.log_upload import LogLine, LogRequest
from fieldapp.domain.operation import FormRef
from fieldapp.domain.shapes import encode
from fieldapp.server.process import ServerProcess
from fieldapp.sync import protocol
from tests.contracts.tape import FOLDER, Recorder
from tests.servers import PACKS, Laptop, Server, compiled, embedded_postgres, survey

_AT = "2026-12-01T09:14:03+09:00"
_LATER = "2026-12-01T10:00:00+09:00"


@dataclass
class Stage:
    """Two laptops of one town, and what is being done at the moment."""

    recorder: Recorder
    laptops: tuple[Laptop, Laptop]
    codes: tuple[str, str]
    why: str = ""

    def begin(self) -> tuple[Laptop, Laptop]:
        """Both signed in and enrolled, without a word on the tape."""
        for laptop, code in zip(self.laptops, self.codes, strict=True):
            self.why = "signing in and enrolling"
            laptop.sign_in()
            laptop.enrol(code, laptop.user.encode()[-1:] * 32)
        return self.laptops


def staged(server: Server, about: str) -> Stage:
    """A town of its own."""
    scope = server.new_scope()
    known = {scope: "{scope}"}
    laptops: list[Laptop] = []
    codes: list[str] = []
    for letter in "ab":
        user = server.new_user(scope)
        code = server.invite(user, scope)
        known |= {user: f"{{user:{letter}}}", code: f"{{code:{letter}}}"}
        laptops.append(Laptop(server.base_url, user, scope))
        codes.append(code)
    server.laptops.extend(laptops)
    stage = Stage(Recorder(about, known), (laptops[0], laptops[1]), (codes[0], codes[1]))
    for laptop in laptops:
        laptop.http.event_hooks["response"] = [stage.recorder.ear(lambda: stage.why)]
    return stage


def _doors(stage: Stage) -> None:
    a, _ = stage.laptops
    stage.why = "a wrong password"
    a.http.post(protocol.SIGN_IN, json={"user": a.user, "password": "틀린 비밀번호"})
    stage.why = "signing in"
    a.sign_in()
    stage.why = "a code that nobody gave out"
    key = base64.b64encode(b"k" * 32).decode()
    a.http.post(protocol.ENROLL, json={"code": "ABCD-EFGH", "public_key": key})
    stage.why = "enrolling"
    a.enrol(stage.codes[0], b"k" * 32)
    stage.why = "enrolling again: the first reply may have been lost"
    a.enrol(stage.codes[0], b"k" * 32)
    stage.why = "greeting"
    a.hello()
    stage.why = "greeting in a protocol of long after"
    a.http.get(protocol.HELLO, headers={protocol.PROTOCOL_HEADER: "99"})
    stage.why = "greeting in no protocol"
    a.http.get(protocol.HELLO, headers={protocol.PROTOCOL_HEADER: ""})
    stage.why = "renewing the token"
    assert a.tokens is not None
    a.http.post(protocol.REFRESH, json={"refresh": a.tokens.refresh})
    stage.why = "renewing it with a text that was never given out"
    a.http.post(protocol.REFRESH, json={"refresh": "never-given-out-by-us"})


def _records(stage: Stage) -> None:
    a, b = stage.begin()
    stage.why = "an empty push"
    a.push()
    stage.why = "a finished survey"
    made = a.create(survey(), at=_AT)
    a.push(made)
    stage.why = "the same push again"
    a.push(made)
    stage.why = "both fetch it"
    for laptop in (a, b):
        laptop.pull()
    record = made.object.id
    stage.why = "one answer changed here, another there, both over the first revision"
    a.push(a.change(record, 1, [("items/q1", "4", "5")], at=_LATER))
    b.push(b.change(record, 1, [("items/q2", "4", "1")], at=_LATER))
    stage.why = "the same answer changed here and there"
    a.push(a.change(record, 3, [("items/q3", "4", "5")], at=_LATER))
    b.push(b.change(record, 3, [("items/q3", "4", "1")], at=_LATER))
    stage.why = "what became of it"
    for laptop in (a, b):
        laptop.pull()
    stage.why = "an operation over one of its own that goes with it"
    own = a.create(survey(2), at=_AT)
    a.push(own, a.change(own.object.id, own.op_id, [("items/q1", "4", "2")], at=_LATER))
    stage.why = "page after page of a small budget"
    b.cursors.clear()
    b.pull(1)


def _refusals(stage: Stage) -> None:
    a, b = stage.begin()
    stage.why = "a form that the server does not have"
    waiting = a.create(survey(), at=_AT, form=FormRef(id="P13e", version="2099010101"))
    a.push(waiting)
    stage.why = "what goes on from it waits with it"
    a.push(a.change(waiting.object.id, waiting.op_id, [("items/q1", "4", "5")], at=_LATER))
    stage.why = "a town that is not one's own"
    a.push(a.create(survey(), at=_AT, scope="가상-모르는-동네"))
    stage.why = "a record that nobody has"
    a.push(a.change(a.replica, 1, [("items/q1", "4", "5")], at=_LATER))
    stage.why = "somebody else as the author"
    a.push(a.create(survey(), at=_AT, author=b.user))
    stage.why = "a batch of another replica"
    request: dict[str, Any] = {"replica": b.replica, "incarnation": 1, "ops": []}
    a.http.post(protocol.PUSH, json=request)
    stage.why = "a key that no message has"
    a.http.post(protocol.PUSH, json=request | {"replica": a.replica, "more": 1})
    stage.why = "a cursor that nobody gave out"
    a.http.post(protocol.PULL, json={"cursors": {a.scope: "nonsense"}, "budget": 1_000_000})
    stage.why = "a budget of nothing"
    a.http.post(protocol.PULL, json={"cursors": {}, "budget": 0})


def _log(stage: Stage) -> None:
    a, _ = stage.begin()
    previous, lines = CHAIN_BEGINS, []
    for number in range(1, 7):
        entry = LogEntry(
            number, _AT, UserId("가상-오사무"), ReplicaId("01930000-0000-7000-8000-0000000000aa"),
            "view", (("household", "01930000-0000-7000-8000-0000000000bb"),),
            detail={"count": number},
        )  # fmt: skip
        hash_ = entry_hash(previous, entry)
        lines.append(LogLine.of(entry, previous, hash_))
        previous = hash_

    def bring(why: str, first: int, last: int) -> None:
        stage.why = why
        request = LogRequest(replica=a.replica, lines=tuple(lines[first - 1 : last]))
        a.http.post(protocol.LOG, content=encode(request))

    bring("the first lines", 1, 3)
    bring("the same again", 1, 3)
    bring("lines that go on from what is not there", 5, 6)
    bring("from further back", 3, 6)


def _upkeep(stage: Stage) -> None:
    a, b = stage.begin()
    stage.why = "a finished survey"
    made = a.create(survey(), at=_AT)
    a.push(made)
    a.pull()
    stage.why = "whether the same is here and there"
    a.http.post(protocol.DIGEST, json={"cursors": a.cursors})
    stage.why = "the history of a record that nobody has"
    a.http.get(f"{protocol.HISTORY}/{a.replica}")
    stage.why = "deleting what is finished"
    b.push(b.change(made.object.id, 1, [], kind="delete", at=_LATER, reason="가상-사유"))
    stage.why = "programmes and lists that were published: none"
    a.http.get(protocol.CATALOGUE)
    stage.why = "one that was not"
    a.http.get(f"{protocol.CATALOGUE}/pack/P13e/2099010101")
    stage.why = "who else sees a household that nobody has"
    a.http.get(f"{protocol.SIGHTS}/household/{a.replica}")
    stage.why = "a number, to a server that was not restored"
    known = {"list": "improvement", "id": a.replica, "scope": a.scope, "number": "2026-17"}
    a.http.post(protocol.NUMBERS, json={"replica": a.replica, "numbers": [known]})


TAPES: dict[str, tuple[str, Callable[[Stage], None]]] = {
    "doors": ("Signing in, enrolling, greeting, and how each is refused.", _doors),
    "records": ("Records made, merged, in conflict, and fetched.", _records),
    "refusals": ("What is held, rejected or not read at all.", _refusals),
    "log": ("접속기록 going up.", _log),
    "upkeep": ("Digest, deletion, catalogue, sights, numbers.", _upkeep),
}


def main() -> None:
    """Record the tapes that do not stand yet."""
    with TemporaryDirectory() as folder, embedded_postgres() as postgres:
        packs = Path(folder)
        (packs / "P13e.pack").write_bytes(compiled(PACKS / "P13e.xlsx"))
        with ServerProcess.start(postgres.sync_url, packs_dir=packs) as process:
            server = Server(process.base_url, postgres, process, packs)
            for name, (about, act) in TAPES.items():
                if not (FOLDER / f"{name}.json").exists():
                    stage = staged(server, about)
                    act(stage)
                    stage.recorder.write(name)
            server.close()


if __name__ == "__main__":
    main()
