"""What nobody needs any more goes, what somebody needs stays, and no device fills the server."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from fieldapp.errors import NotTheOwner, SweepDoubtful, SweepTooEarly
from fieldapp.server import accounts, sweeping
from fieldapp.server.configuration import ServerSettings
from fieldapp.server.database import open_pool
from fieldapp.server.object_store import ObjectStore
from fieldapp.server.sessions import Account
from fieldapp.server.uploads import Asked, FileRefused, Limits, Uploads
from tests.server.attachments import (
    Files,
    create,
    files,
    get,
    naming,
    opened,
    patch,
    picture,
    send,
)
from tests.server.test_running import run
from tests.servers import Laptop

__all__ = ["files"]


@dataclass
class Office:
    """A store of its own beside the database of these tests."""

    files: Files
    store: ObjectStore
    folder: Path

    def look(self) -> sweeping.Sweeping:
        """A week from now: nothing is young any more."""
        with accounts.owner_connection(self.files.server.postgres.owner_url) as owner:
            return sweeping.look(owner, self.store, datetime.now(UTC) + timedelta(days=8))

    def sweep(self, found: sweeping.Sweeping, *, even_most: bool = False) -> int:
        url = self.files.server.postgres.owner_url
        with accounts.owner_connection(url, autocommit=True) as owner:
            return sweeping.sweep(owner, self.store, found, datetime.now(UTC), even_most=even_most)


@pytest.fixture
def office(files: Files) -> Office:
    """The very store of the running servers."""
    return Office(files, ObjectStore(files.server.files), files.server.files)


def put(office: Office, content: bytes) -> str:
    """Content that a server stored before it died, so that nobody names it."""
    sha256 = picture_name(content)
    office.store.put(sha256, iter([content]))
    return sha256


def picture_name(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_content_that_no_scope_has_goes_and_everybodys_files_stay(office: Office) -> None:
    laptop, one = office.files.laptop(), picture()
    record = naming(laptop, one)
    send(laptop, one, record)
    lost = put(office, os.urandom(500))

    found = office.look()

    assert [each.sha256 for each in found.lost] == [lost]
    assert found.lost_bytes == 500
    assert office.sweep(found) == 1
    assert not office.store.has(lost)
    assert get(laptop, one, record).content == one.content
    assert office.look().lost == ()


def test_content_that_a_device_brought_after_the_look_stays(office: Office) -> None:
    laptop, one = office.files.laptop(), picture()
    put(office, one.content)
    found = office.look()
    assert [each.sha256 for each in found.lost] == [one.name.partition(".")[0]]
    record = naming(laptop, one)
    send(laptop, one, record)

    assert office.sweep(found) == 0

    assert get(laptop, one, record).content == one.content


def test_young_content_may_belong_to_a_transaction_and_is_not_counted(office: Office) -> None:
    put(office, os.urandom(300))

    with accounts.owner_connection(office.files.server.postgres.owner_url) as owner:
        found = sweeping.look(owner, office.store, datetime.now(UTC))

    assert found.lost == ()
    office.sweep(office.look())


def test_what_somebody_else_laid_into_the_folder_is_no_attachment_and_stays(
    office: Office, tmp_path: Path
) -> None:
    other = Office(office.files, ObjectStore(tmp_path / "other"), tmp_path / "other")
    put(other, os.urandom(10))
    note = other.folder / "읽어 주세요.txt"
    note.write_text("가상", encoding="utf-8")

    found = other.look()

    assert (found.stored, len(found.lost)) == (1, 1)
    assert other.sweep(found) == 1
    assert note.exists()


def test_a_folder_of_another_database_is_not_swept_by_mistake(
    office: Office, tmp_path: Path
) -> None:
    other = Office(office.files, ObjectStore(tmp_path / "other"), tmp_path / "other")
    for _ in range(21):
        put(other, os.urandom(10))
    found = other.look()

    with pytest.raises(SweepDoubtful):
        other.sweep(found)
    assert len(list(other.store.all())) == 21

    assert other.sweep(found, even_most=True) == 21


def test_nothing_is_swept_while_laptops_refill_a_restored_server(office: Office) -> None:
    lost = put(office, os.urandom(500))
    sql = office.files.server.sql
    sql("update fieldapp.server_meta set refilling = true")
    try:
        with pytest.raises(SweepTooEarly):
            office.sweep(office.look())
    finally:
        sql("update fieldapp.server_meta set refilling = false")

    assert office.store.has(lost)
    assert office.sweep(office.look()) == 1


def test_a_role_that_does_not_see_every_file_sweeps_nothing(office: Office) -> None:
    with psycopg.connect(office.files.server.postgres.owner_url) as owner:
        owner.execute("set role fieldapp_sync")
        with pytest.raises(NotTheOwner):
            sweeping.look(owner, office.store, datetime.now(UTC))


def test_the_command_counts_and_deletes_only_when_it_is_told_to(office: Office) -> None:
    laptop, one = office.files.laptop(), picture()
    state = opened(laptop, one, naming(laptop, one))
    expire = "update fieldapp.upload set expires_at = now() - interval '1 day' where id = %s"
    office.files.server.sql(expire, [state.upload])
    lost = office.folder / put_old(office)

    counted = run(office.files.server, "sweep", "--files", str(office.folder))
    assert counted.returncode == 0, counted.stderr
    assert "아무 기록도 가리키지 않는 것 1개" in counted.stdout
    assert "기한이 지난 전송 1건" in counted.stdout
    assert lost.exists()

    swept = run(office.files.server, "sweep", "--delete", "--files", str(office.folder))
    assert "첨부 1개를 지웠습니다." in swept.stdout
    assert not lost.exists()
    left = office.files.server.sql("select 1 from fieldapp.upload where id = %s", [state.upload])
    assert left == []


def test_a_sweep_that_died_halfway_is_ended_by_the_next(office: Office) -> None:
    kept, one = office.files.laptop(), picture()
    record = naming(kept, one)
    send(kept, one, record)
    lost = [office.folder / put_old(office) for _ in range(2)]
    sweeping_ = ("sweep", "--delete", "--files", str(office.folder))

    died = run(office.files.server, *sweeping_, failpoint="sweep.after_file:1")
    assert died.returncode == -signal.SIGKILL
    assert [path.exists() for path in lost].count(True) == 1

    assert run(office.files.server, *sweeping_).returncode == 0
    assert not any(path.exists() for path in lost)
    assert get(kept, one, record).content == one.content


def put_old(office: Office) -> Path:
    """Content from last week, as a path below the folder."""
    sha256 = put(office, os.urandom(200))
    path = Path(sha256[:2], sha256[2:4], sha256)
    week_ago = datetime.now(UTC).timestamp() - 7 * 86_400
    os.utime(office.folder / path, (week_ago, week_ago))
    return path


# Limits


@pytest.fixture
def narrow(files: Files) -> Iterator[Uploads]:
    """A server that takes two open uploads of a device, and three thousand bytes of an account."""
    settings = ServerSettings(files.server.postgres.sync_url, files.server.packs)
    pool = open_pool(settings)
    yield Uploads(pool, ObjectStore(files.server.files), Limits(2, 3000))
    pool.close()


def begin(narrow: Uploads, laptop: Laptop, size: int) -> None:
    one = picture(size)
    record = naming(laptop, one)
    account = Account(laptop.user, f"{laptop.user} 이름", frozenset())
    asked = Asked(one.name, record.object)
    narrow.open(account, laptop.replica, asked, size, datetime.now(UTC))
    # Begun again it is the same one, however full it is.
    narrow.open(account, laptop.replica, asked, size, datetime.now(UTC))


def test_a_device_has_so_many_uploads_open_and_no_more(files: Files, narrow: Uploads) -> None:
    laptop = files.laptop()
    begin(narrow, laptop, 10)
    begin(narrow, laptop, 20)

    with pytest.raises(FileRefused) as refused:
        begin(narrow, laptop, 30)

    assert (refused.value.status, refused.value.code) == (429, "too_many_uploads")
    begin(narrow, files.laptop(), 30)


def test_an_account_brings_so_many_bytes_in_a_week_and_no_more(
    files: Files, narrow: Uploads
) -> None:
    laptop, one = files.laptop(), picture(2000)
    record = naming(laptop, one)
    state = send(laptop, one, record)
    assert patch(laptop, state.upload, 2000, b"").status_code == 204

    with pytest.raises(FileRefused) as refused:
        begin(narrow, laptop, 1001)

    assert (refused.value.status, refused.value.code) == (413, "too_many_bytes")
    begin(narrow, laptop, 1000)
    assert create(laptop, 5, name=one.name, object=record.object.id).status_code == 201
