"""A town whose laptops die in an exchange, a colleague who goes on meanwhile, and what must stand.

Before each death there is something of everything to exchange: a record and a joint one, an entity
by effect, photos both ways, lines of the access log, a household that leaves, a field that two
people wrote, and a defect that only a digest finds.
"""

from __future__ import annotations

import hashlib
import itertools
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from fieldapp.clock import KOREA, SystemClock, instant_text
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import RecordId, ScopeId, UserId, new_record_id
from fieldapp.domain.operation import Operation, Transition, changed_answers
from fieldapp.packs import Catalogue
from fieldapp.storage import access_log, blobs, conflicts, entities, meta, operations
from fieldapp.storage.blob_queue import waiting_files
from fieldapp.storage.database import Store
from fieldapp.usecases import exchange, files, history
from fieldapp.usecases.session import Session
from tests.server.attachments import naming, picture, send
from tests.server.errands import change_entity, create_entity, entity, making, new_id
from tests.server.workbooks import CHECK
from tests.servers import PASSWORD, Server
from tests.sync.lines import Cut, Line
from tests.sync.real import Laptop

ROLES = ("secretariat", "monitor", "team_lead")
#: After the last death a laptop needs no more rounds than this.
ROUNDS_TO_REST = 5
#: Three pieces of a file, as this test cuts them.
PHOTO_BYTES = 2500
_LONG_AGO = timedelta(days=1)
_numbers = itertools.count(1)


class Straight(Line):
    """No line between: children that are forked would share its threads."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def mend(self, cut: Cut | None = None) -> None:
        """Nothing ever breaks but the two ends."""


class Device(Laptop):
    """A laptop with the whole exchange of the app, and the code that it is to enrol with."""

    def __init__(self, folder: Path, server: Server, scope: str, catalogue: Catalogue) -> None:
        folder.mkdir()
        user = server.new_user(scope, roles=ROLES)
        self._begin(folder, user, scope, Straight(server.base_url))
        self.catalogue = catalogue
        self.code = server.invite(user, scope)
        #: How many scopes a digest had to repair, in the rounds that came to an end.
        self.repaired = 0
        #: Records whose history is looked at, photos of others that are opened.
        self.looks_at: list[str] = []
        self.opens: list[str] = []

    def session(self) -> Session:
        """The profile as it is unlocked."""
        return Session(
            store=self.store,
            worker=Worker(UserId(self.user), self.user, frozenset(ROLES), ScopeId(self.scope)),
            clock=SystemClock(),
            catalogue=self.catalogue,
            profile_id="kill-test",
            boot_id="boot-1",
        )

    def sign_in_at(self, address: str) -> None:
        """Enrol, with the one code that there is, unless it has come to that before."""
        session = self.session()
        code = None if exchange.is_enrolled(session) else self.code
        exchange.sign_in(
            session, address=address, user=self.user, password=PASSWORD, enrol_code=code
        )

    def whole_round(self, address: str) -> bool:
        """An exchange, the history of a record, a photo of the colleague; whether all was quiet."""
        self._turn_to(address)
        session = self.session()
        outcome, _ = exchange.exchange(session, progress=lambda _: None, cancelled=lambda: False)
        for record in self.looks_at:
            history.fetch(session, RecordId(record))
        for name in self.opens:
            files.fetch_file(session, name)
        self.repaired += outcome.repaired
        moved = outcome.sent + outcome.held + outcome.received + outcome.repaired
        return moved + outcome.files_sent + outcome.files_waiting == 0

    def _turn_to(self, address: str) -> None:
        """Exchange there from now on, with a token that has run out."""
        with self.store.writing() as db:
            tokens = meta.tokens(db)
            assert tokens is not None
            run_out = msgspec.structs.replace(
                tokens, expires=instant_text(datetime.now(KOREA) - _LONG_AGO)
            )
            meta.put_server(db, address=address, user=self.user, tokens=run_out)

    def closed(self) -> None:
        """Nothing of the store is open in this process."""
        self.store.close()

    def open_again(self) -> None:
        """After a death, or in a child."""
        self.store = Store.open(self.path, self.data_key)

    # What its worker does

    def write(self, number: int) -> bytes:
        """A record with a photo, a checklist that makes an improvement, lines of the log; returns
        the photo.
        """
        photo = os.urandom(PHOTO_BYTES)
        name = blobs.keep(self.store, photo, "jpg")
        self.create({"serial": str(number), "photo": name})
        self._check(number)
        for _ in range(2):
            with self.store.writing() as db:
                access_log.append(db, at=self.now(), user=UserId(self.user), deed="view")
        return photo

    def _check(self, number: int) -> None:
        record, content = new_record_id(self.now()), f"가상-문턱 {number}"
        answers = {"content": content, "meta/instanceID": f"uuid:{record}"}
        operation = self.append(
            record,
            form=CHECK,
            kind="create",
            scope=self.scope,
            patch=changed_answers(None, answers),
            transition=Transition(to="서명 전", seen_rev=0),
            effects=(making(entity("improvement", new_id()), {"content": content}),),
        )
        with self.store.writing() as db:
            entities.apply_effects(db, operation)

    def spoil(self) -> None:
        """A defect of ours that nobody sees, and that the day's comparison is to find."""
        with self.store.writing() as db:
            db.execute("UPDATE record SET hash = 'x' WHERE id = (SELECT max(id) FROM record)")
            meta.put_compared_at(db, None)

    # What it holds

    def held(self, table: str) -> set[tuple[str, int, str]]:
        """Id, revision and hash of everything that the server sent."""
        with self.store.reading() as db:
            sent = "server_doc IS NOT NULL AND evicted = 0"
            return set(db.rows(f"SELECT id, rev, hash FROM {table} WHERE {sent}"))  # noqa: S608


class Town:
    """One town: laptops that die, and a colleague at a server that lives."""

    def __init__(self, folder: Path, server: Server, catalogue: Catalogue) -> None:
        self.server, self.catalogue, self.folder = server, catalogue, folder
        self.scope, self.elsewhere = server.new_scope(), server.new_scope()
        self.colleague = server.laptop(server.new_user(self.scope, roles=ROLES), self.scope)
        self.photos: list[bytes] = []
        self.devices: list[Device] = []
        self.written = 0
        self.is_spoiled = False
        device = self.new_device()
        device.sign_in_at(server.base_url)
        self.shared = device.create({"items/q1": "5"})
        device.looks_at.append(self.shared)
        device.whole_round(server.base_url)

    def close(self) -> None:
        """Close every store."""
        for device in self.devices:
            device.store.close()

    def new_device(self) -> Device:
        """One more laptop, with a record on it and no name yet."""
        folder = self.folder / f"laptop-{next(_numbers)}"
        device = Device(folder, self.server, self.scope, self.catalogue)
        self.devices.append(device)
        device.create({"good": "가상-이름 없이 적음"})
        return device

    def write(self, device: Device, *, spoils: bool) -> None:
        """Something of everything, on both sides. spoils: and a defect for a digest to find."""
        self.written += 1
        self.photos.append(device.write(self.written))
        device.amend(self.shared, {"items/q1": str(self.written % 5 + 1)})
        device.opens = [self._colleague_writes()]
        if spoils:
            device.spoil()
            self.is_spoiled = True

    def _colleague_writes(self) -> str:
        """A value that will be disputed, a photo, now and then a household that leaves; returns the
        photo.
        """
        ((rev, value),) = self.server.sql(
            "select rev, doc->'answers'->>'items/q1' from fieldapp.record where id = %s",
            [self.shared],
        )
        other = "1" if value != "1" else "2"
        self._take(self.colleague.change(self.shared, rev, [("items/q1", value, other)]))
        if self.written % 3 == 1:
            self._a_house_comes_and_one_goes()
        photo = picture()
        send(self.colleague, photo, naming(self.colleague, photo))
        return photo.name

    def _a_house_comes_and_one_goes(self) -> None:
        values = {"label": "가상-이웃집", "address": "가상로 1"}
        self._take(create_entity(self.colleague, entity("household", new_id()), values))
        houses = self._rows(
            "select id::text, rev from fieldapp.entity where scope = %s and list = 'household'"
            " order by id"
        )
        if len(houses) > 1:
            of, rev = entity("household", houses[0][0]), houses[0][1]
            moved = change_entity(self.colleague, of, rev, [], kind="move", scope=self.elsewhere)
            self._take(moved)

    def _take(self, operation: Operation) -> None:
        receipt = self.colleague.receipt(operation)
        assert receipt.status in ("applied", "merged"), receipt

    def overtake(self, device: Device) -> None:
        """A copy of its disk has been exchanging: the server knows a later life of it."""
        self.server.sql(
            "update fieldapp.replica set incarnation = incarnation + 1, applied_seq = 0"
            " where id = %s",
            [device.replica.identity().replica],
        )

    def bring_to_rest(self) -> None:
        """Everybody exchanges with a server that lives, until all is quiet."""
        for _ in range(ROUNDS_TO_REST):
            is_quiet = [device.whole_round(self.server.base_url) for device in self.devices]
            if all(is_quiet):
                return

    # What must stand

    def check(self) -> None:
        """Nothing lost, nothing doubled, both sides equal."""
        for device in self.devices:
            self._store_is_sound(device)
            self._queue_is_empty(device)
            for table in ("record", "entity"):
                differing = device.held(table) ^ self._on_server(table)
                assert differing == set(), (table, sorted(differing))
            assert self._conflicts_of(device) == self._conflicts_on_server()
            self._log_is_whole(device)
            # What a death left out would be healed by a digest, and not be seen here.
            assert self.is_spoiled or not device.repaired
        self._every_operation_counts_once()
        self._every_improvement_has_its_number()
        self._every_photo_arrived()

    def _store_is_sound(self, device: Device) -> None:
        device.store.check()
        with device.store.reading() as db:
            numbers = [row[0] for row in db.rows("SELECT seq FROM operation ORDER BY seq")]
        assert numbers == list(range(1, len(numbers) + 1))

    def _queue_is_empty(self, device: Device) -> None:
        with device.store.reading() as db:
            states = {row[0] for row in db.rows("SELECT DISTINCT op_state FROM operation")}
            assert waiting_files(db) == ()
            assert operations.count_unsent(db) == 0
        assert states <= {"acked", "settled"}

    def _every_operation_counts_once(self) -> None:
        made = self._rows(
            "select op_id::text, record::text from fieldapp.record_version where scope = %s"
        ) + self._rows(
            "select v.op_id::text, v.id::text from fieldapp.entity_version v"
            " join fieldapp.entity e using (list, id) where e.scope = %s"
        )
        assert len(set(made)) == len(made)
        known = {op_id for op_id, _ in made}
        for device in self.devices:
            with device.store.reading() as db:
                own = {op_id for (op_id,) in db.rows("SELECT op_id FROM operation")}
            assert own <= known, own - known

    def _every_improvement_has_its_number(self) -> None:
        rows = self._rows(
            "select doc->'props'->>'no' from fieldapp.entity"
            " where list = 'improvement' and scope = %s"
        )
        numbers = sorted(int(number.partition("-")[2]) for (number,) in rows)
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) == self.written

    def _every_photo_arrived(self) -> None:
        for photo in self.photos:
            sha256 = hashlib.sha256(photo).hexdigest()
            path = self.server.files / sha256[:2] / sha256[2:4] / sha256
            assert path.read_bytes() == photo

    def _log_is_whole(self, device: Device) -> None:
        with device.store.reading() as db:
            assert access_log.verify(db) is None
            last = access_log.last(db)
        rows = self.server.sql(
            "select log_seq, broken from fieldapp.access_log where replica = %s order by log_seq",
            [device.replica.identity().replica],
        )
        assert rows == [(number, False) for number in range(1, (last.log_seq if last else 0) + 1)]

    def _on_server(self, table: str) -> set[tuple[Any, ...]]:
        return set(self._rows(f"select id::text, rev, hash from fieldapp.{table} where scope = %s"))  # noqa: S608

    def _conflicts_of(self, device: Device) -> set[str]:
        with device.store.reading() as db:
            return {one.conflict_id for one in conflicts.open_conflicts(db)}

    def _conflicts_on_server(self) -> set[str]:
        rows = self._rows("select id::text from fieldapp.conflict where scope = %s and not decided")
        return {row[0] for row in rows}

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self.server.sql(statement, [self.scope])
