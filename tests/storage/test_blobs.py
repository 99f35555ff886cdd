"""Attachments: kept once, encrypted, whole after a death, told from damaged ones, erased."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldapp.crypto.wrapping import new_data_key
from fieldapp.errors import BlobDamaged, BlobMissing, BlobReason, BlobRefused, StoreLocked
from fieldapp.storage import blobs
from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b

PICTURE = b"\x89PNG\r\n\x1a\n" + os.urandom(3_000) + "가상-사진".encode()


def files(store: Store) -> list[Path]:
    folder = store.path.parent / "attachments"
    return sorted(folder.iterdir()) if folder.exists() else []


def test_attachment_is_named_by_its_content_and_comes_back_as_it_was(store: Store) -> None:
    name = blobs.keep(store, PICTURE, "PNG")

    assert name == f"{hashlib.sha256(PICTURE).hexdigest()}.png"
    assert blobs.read(store, name) == PICTURE
    with store.reading() as db:
        assert b.count_waiting(db) == 1


def test_folder_tells_nothing_of_what_lies_in_it(store: Store) -> None:
    name = blobs.keep(store, PICTURE, "png")

    (file,) = files(store)
    sealed = file.read_bytes()
    assert name.partition(".")[0] not in file.name
    assert "가상".encode() not in sealed
    assert PICTURE[:8] not in sealed
    if os.name == "posix":
        assert file.stat().st_mode & 0o077 == 0


def test_same_file_given_twice_is_kept_once(store: Store) -> None:
    assert blobs.keep(store, PICTURE, "png") == blobs.keep(store, PICTURE, "png")

    assert len(files(store)) == 1
    with store.reading() as db:
        assert b.count_waiting(db) == 1


@pytest.mark.parametrize(
    ("content", "extension", "reason"),
    [
        (b"", "png", BlobReason.EMPTY),
        (b"x", "exe", BlobReason.UNKNOWN_KIND),
        (b"x", "../png", BlobReason.UNKNOWN_KIND),
        (b"x", "", BlobReason.UNKNOWN_KIND),
        (bytes(blobs.MAX_BYTES + 1), "jpg", BlobReason.TOO_LARGE),
    ],
)
def test_what_cannot_be_an_attachment_is_refused_and_leaves_nothing(
    store: Store, content: bytes, extension: str, reason: BlobReason
) -> None:
    with pytest.raises(BlobRefused) as refused:
        blobs.keep(store, content, extension)

    assert refused.value.facts == {"reason": reason}
    assert files(store) == []


@pytest.mark.parametrize("name", ["0" * 64 + ".png", "../../etc/passwd", "", "x.png", "0" * 64])
def test_what_is_not_here_is_missing_whatever_its_name(store: Store, name: str) -> None:
    with pytest.raises(BlobMissing):
        blobs.read(store, name)


def test_changed_cut_or_exchanged_file_is_damaged_and_never_shown(store: Store) -> None:
    name = blobs.keep(store, PICTURE, "png")
    (file,) = files(store)
    whole = file.read_bytes()
    blobs.keep(store, PICTURE + b"!", "png")
    (another,) = (one for one in files(store) if one != file)

    for broken in (whole[:-1], b"", whole[:50] + b"\0" + whole[51:], another.read_bytes()):
        file.write_bytes(broken)
        with pytest.raises(BlobDamaged):
            blobs.read(store, name)


def test_other_key_cannot_find_nor_open_it(store: Store, tmp_path: Path) -> None:
    name = blobs.keep(store, PICTURE, "png")
    stranger = Store.create(
        store.path.with_name("other.db"), new_data_key(), identity=b.IDENTITY, created_at=b.NOON
    )

    with pytest.raises(BlobMissing):
        blobs.read(stranger, name)
    stranger.close()


def test_locked_store_keeps_its_attachments_to_itself(store: Store) -> None:
    name = blobs.keep(store, PICTURE, "png")
    store.close()

    with pytest.raises(StoreLocked):
        blobs.read(store, name)


def test_file_of_a_death_before_its_row_is_taken_up_when_it_is_given_again(
    path: Path, data_key: bytes
) -> None:
    store = Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON)
    name = blobs.keep(store, PICTURE, "png")
    with store.writing() as db:
        db.execute("DELETE FROM blob")

    assert blobs.keep(store, PICTURE, "png") == name
    with store.reading() as db:
        assert b.count_waiting(db) == 1
    store.close()


def test_erased_record_takes_its_attachments_with_it_but_not_those_of_others(
    store: Store, replica: StoreReplica
) -> None:
    own, shared = blobs.keep(store, PICTURE, "png"), blobs.keep(store, PICTURE + b"!", "png")
    record, other = b.record_id_at(), b.record_id_at(1)
    replica.accept_rows(
        b.page(
            b.put(record, 1, {"photo": own, "sig": shared}),
            b.put(other, 1, {"sig": shared}, scope_seq=2),
        )
    )

    replica.accept_rows(b.page(b.row("erase", record, 1, scope_seq=3)))

    with pytest.raises(BlobMissing):
        blobs.read(store, own)
    assert blobs.read(store, shared) == PICTURE + b"!"
    assert len(files(store)) == 1


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    content=st.binary(min_size=1, max_size=5_000),
    extension=st.sampled_from(sorted(blobs.EXTENSIONS)),
)
def test_any_content_comes_back_as_it_was(store: Store, content: bytes, extension: str) -> None:
    assert blobs.read(store, blobs.keep(store, content, extension)) == content
