"""Attachments over the real parts: encrypted store, a line that breaks, uvicorn, PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fieldapp.domain.exchange import Progress, PulledRow, PullReply
from fieldapp.domain.operation import ObjectRef
from fieldapp.errors import BlobMissing, Cancelled, ServerUnreachable
from fieldapp.storage import blobs, meta
from fieldapp.storage.blob_queue import StoreFiles, naming, waiting_files
from fieldapp.sync.files import Download, FilesOutcome, send_files
from fieldapp.sync.protocol import FILE_CHUNK_BYTES
from tests.servers import Server
from tests.sync.lines import Cut, Line
from tests.sync.real import Laptop

CHUNK = FILE_CHUNK_BYTES


def never() -> bool:
    return False


def after(times: int) -> Callable[[], bool]:
    """Says stop once it has been asked so often."""
    asked = 0

    def is_over() -> bool:
        nonlocal asked
        asked += 1
        return asked > times

    return is_over


class Town:
    """Laptops of one town on one line."""

    def __init__(self, folder: Path, server: Server, line: Line) -> None:
        self.folder, self.server, self.line = folder, server, line
        self.scope = server.new_scope()
        self.laptops: list[Laptop] = []

    def laptop(self, scope: str | None = None) -> Laptop:
        made = Laptop(self.folder, self.server, scope or self.scope, self.line)
        self.laptops.append(made)
        return made

    def stored(self) -> set[bytes]:
        return {path.read_bytes() for path in self.server.files.rglob("*") if path.is_file()}


@pytest.fixture
def town(tmp_path: Path, server: Server) -> Iterator[Town]:
    with Line(server.base_url) as line:
        made = Town(tmp_path, server, line)
        yield made
        for laptop in made.laptops:
            laptop.store.close()


def attach(laptop: Laptop, *sizes: int) -> tuple[list[bytes], str]:
    """A record with a photo of each size, written offline."""
    contents = [os.urandom(size) for size in sizes]
    names = [blobs.keep(laptop.store, content, "jpg") for content in contents]
    record = laptop.create({f"photo_{number}": name for number, name in enumerate(names)})
    return contents, record


def send(
    laptop: Laptop, *, cut: Cut | None = None, cancelled: Callable[[], bool] = never
) -> FilesOutcome:
    laptop.line.mend(cut)
    with laptop.connection() as connection:
        return send_files(
            StoreFiles(laptop.store),
            connection,
            laptop.replica.identity().replica,
            progress=lambda _: None,
            cancelled=cancelled,
        )


def waiting(laptop: Laptop) -> list[int]:
    with laptop.store.reading() as db:
        return [file.size for file in waiting_files(db)]


def name_in(laptop: Laptop, record: str) -> str:
    return laptop.seen()[record]["photo_0"]


def download(laptop: Laptop, name: str) -> Download:
    with laptop.store.reading() as db:
        named_by = naming(db, name)
    assert named_by is not None
    return Download(name, named_by)


@contextmanager
def asking(laptop: Laptop, cut: Cut | None = None) -> Iterator[Callable[[Download], bytes]]:
    laptop.line.mend(cut)
    with laptop.connection() as connection:
        replica = laptop.replica.identity().replica
        yield lambda asked: asked.go_on(connection, replica, never)


def test_a_photo_taken_offline_reaches_a_colleague(town: Town) -> None:
    here, there = town.laptop(), town.laptop()
    (photo,), record = attach(here, CHUNK + 1000)
    here.exchange()

    assert send(here) == FilesOutcome(sent=1, left=0)
    there.exchange()

    name = name_in(there, record)
    with pytest.raises(BlobMissing):
        blobs.read(there.store, name)
    with asking(there) as ask:
        blobs.keep_received(there.store, name, ask(download(there, name)))
    assert blobs.read(there.store, name) == photo
    assert waiting(there) == []


def test_no_file_goes_before_its_record(town: Town) -> None:
    here = town.laptop()
    blobs.keep(here.store, b"of a draft", "jpg")
    (photo,), _ = attach(here, 1000)

    assert send(here) == FilesOutcome(sent=0, left=0)
    here.exchange()
    assert send(here) == FilesOutcome(sent=1, left=0)

    assert photo in town.stored()
    assert b"of a draft" not in town.stored()


def test_small_files_go_first(town: Town) -> None:
    here = town.laptop()
    attach(here, 3 * CHUNK, 10, 2000)
    here.exchange()
    assert waiting(here) == [10, 2000, 3 * CHUNK]

    outcome = send(here, cancelled=after(5))

    assert (outcome.sent, outcome.left) == (2, 1)
    assert isinstance(outcome.trouble, Cancelled)


def test_a_file_that_was_paused_goes_on_where_it_stopped(town: Town) -> None:
    here = town.laptop()
    (photo,), _ = attach(here, 4 * CHUNK)
    here.exchange()
    assert send(here, cancelled=after(3)).sent == 0

    assert send(here) == FilesOutcome(sent=1, left=0)

    # What had arrived before the pause was not sent again.
    assert here.line.carried["up"] < 2 * CHUNK + 20_000
    assert photo in town.stored()


def test_a_line_cut_anywhere_costs_a_piece_and_loses_no_file(town: Town) -> None:
    here = town.laptop()
    contents, _ = attach(here, 900, 2 * CHUNK + 5)
    here.exchange()
    lost = 0
    for way, every in (("up", 61_007), ("down", 97)):
        for number in range(1, 5):
            cut = Cut("up" if way == "up" else "down", number * every)
            outcome = send(here, cut=cut)
            lost += isinstance(outcome.trouble, ServerUnreachable)

    assert lost > 0
    send(here)
    assert waiting(here) == []
    assert set(contents) <= town.stored()


def test_a_file_that_another_device_of_the_town_brought_is_not_sent_again(town: Town) -> None:
    here, there = town.laptop(), town.laptop()
    photo = os.urandom(2 * CHUNK)
    for laptop in (here, there):
        laptop.create({"photo_0": blobs.keep(laptop.store, photo, "jpg")})
        laptop.exchange()
        assert send(laptop).sent == 1

    assert there.line.carried["up"] < 20_000


def test_a_file_that_cannot_be_read_here_lets_the_others_through(town: Town) -> None:
    here = town.laptop()
    attach(here, 100, 200, 300)
    here.exchange()
    with here.store.reading() as db:
        paths = [row[0] for row in db.rows("SELECT path FROM blob WHERE size < 300 ORDER BY size")]
    missing, damaged = (here.path.parent / "attachments" / path for path in paths)
    missing.unlink()
    damaged.write_bytes(b"no longer sealed")

    outcome = send(here)

    assert (outcome.sent, outcome.left, outcome.trouble) == (1, 2, None)


def test_a_download_goes_on_after_a_cut_and_brings_the_same_bytes(town: Town) -> None:
    here, there = town.laptop(), town.laptop()
    (photo,), record = attach(here, 3 * 1_048_576)
    here.exchange()
    send(here)
    there.exchange()
    asked = download(there, name_in(there, record))

    with asking(there, Cut("down", 1_500_000)) as ask, pytest.raises(ServerUnreachable):
        ask(asked)
    begun = len(asked.received)
    with asking(there) as ask:
        content = ask(asked)

    assert begun == 1_048_576
    assert content == photo
    assert there.line.carried["down"] < len(photo) - begun + 20_000


def test_a_file_of_another_town_is_not_given(town: Town) -> None:
    here = town.laptop()
    stranger = town.laptop(town.server.new_scope())
    _, record = attach(here, 100)
    here.exchange()
    send(here)
    asked = Download(name_in(here, record), ObjectRef(type="record", id=record))

    with asking(stranger) as ask, pytest.raises(BlobMissing):
        ask(asked)


def test_a_record_that_left_this_laptop_takes_its_downloaded_file_along(town: Town) -> None:
    here, there = town.laptop(), town.laptop()
    _, record = attach(here, 100)
    here.exchange()
    send(here)
    there.exchange()
    name = name_in(there, record)
    with asking(there) as ask:
        blobs.keep_received(there.store, name, ask(download(there, name)))
    # Its own photo of the same record is not with the server yet: that one stays.
    own = blobs.keep(there.store, b"not sent", "jpg")

    gone = PulledRow(
        scope=town.scope,
        scope_seq=1000,
        change="evict",
        object=ObjectRef(type="record", id=record),
        rev=1,
    )
    with there.store.reading() as db:
        cursors: dict[str, str] = dict(db.rows("SELECT scope, token FROM cursor"))
        epoch = meta.epoch(db) or ""
    there.replica.accept_rows(PullReply(epoch=epoch, rows=(gone,), cursors=cursors, more=False))
    blobs.sweep(there.store)

    with pytest.raises(BlobMissing):
        blobs.read(there.store, name)
    assert blobs.read(there.store, own) == b"not sent"


def test_a_server_in_another_life_is_offered_every_file_again(town: Town) -> None:
    here = town.laptop()
    (photo,), _ = attach(here, 500)
    here.exchange()
    send(here)
    for path in town.server.files.rglob("*"):
        if path.is_file() and path.read_bytes() == photo:
            path.unlink()

    with here.store.writing() as db:
        blobs.begin_epoch(db)

    assert send(here) == FilesOutcome(sent=1, left=0)
    assert photo in town.stored()


def test_progress_counts_files(town: Town) -> None:
    here = town.laptop()
    attach(here, 10, 20)
    here.exchange()
    told: list[Progress] = []
    with here.connection() as connection:
        replica = here.replica.identity().replica
        send_files(
            StoreFiles(here.store), connection, replica, progress=told.append, cancelled=never
        )

    assert [(one.stage, one.done, one.total) for one in told] == [
        ("files", 0, 2), ("files", 1, 2), ("files", 2, 2),
    ]  # fmt: skip
