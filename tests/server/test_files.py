"""Attachments at the doors: tus by chunks, hashed again, given to whoever sees a record that names
them and to nobody else; whichever of two app servers is asked, and wherever one of them dies.
"""

from __future__ import annotations

import base64
import hashlib

import httpx
import pytest

from fieldapp.domain.exchange import UploadState
from fieldapp.domain.shapes import decode
from fieldapp.sync import protocol
from tests.server.attachments import (
    CHUNK,
    TUS,
    Files,
    create,
    files,
    get,
    move_to,
    naming,
    offset_of,
    opened,
    packed,
    patch,
    picture,
    send,
)
from tests.server.errands import create_entity, entity, new_id

__all__ = ["files"]


def test_a_file_goes_up_by_chunks_and_comes_down_whole(files: Files) -> None:
    laptop, colleague = files.laptop(), None
    one = picture(2 * CHUNK + 17)
    record = naming(laptop, one)

    state = send(laptop, one, record)
    colleague = files.laptop(laptop.scope)

    assert offset_of(laptop, state.upload) == len(one.content)
    reply = get(colleague, one, record)
    assert (reply.status_code, reply.content) == (200, one.content)
    assert reply.headers["content-type"] == "image/jpeg"
    assert one.content in files.stored()


def test_chunks_are_gone_once_the_file_is_stored(files: Files) -> None:
    laptop, one = files.laptop(), picture(CHUNK + 1)

    state = send(laptop, one, naming(laptop, one))

    chunks = "select count(*) from fieldapp.upload_chunk where upload = %s"
    assert files.server.sql(chunks, [state.upload]) == [(0,)]


def test_another_app_server_goes_on_where_the_first_stopped(files: Files) -> None:
    laptop, one = files.laptop(), picture(3 * CHUNK)
    record = naming(laptop, one)
    state = opened(laptop, one, record)

    for number in range(3):
        move_to(laptop, files.addresses[number % 2])
        assert offset_of(laptop, state.upload) == number * CHUNK
        part = one.content[number * CHUNK : (number + 1) * CHUNK]
        assert patch(laptop, state.upload, number * CHUNK, part).status_code == 204

    assert get(laptop, one, record).content == one.content
    move_to(laptop, files.addresses[1])
    assert get(laptop, one, record).content == one.content


@pytest.mark.parametrize(
    ("failpoint", "arrived"),
    [("file.before_commit:2", 1), ("file.after_store:1", 1), ("file.after_commit:2", 2)],
)
def test_a_file_whose_server_died_is_gone_on_with_at_another_one(
    files: Files, failpoint: str, arrived: int
) -> None:
    laptop, one = files.laptop(), picture(2 * CHUNK)
    record = naming(laptop, one)
    halves = one.content[:CHUNK], one.content[CHUNK:]
    with files.another(failpoint) as doomed:
        move_to(laptop, doomed.base_url)
        state = opened(laptop, one, record)
        assert patch(laptop, state.upload, 0, halves[0]).status_code == 204
        with pytest.raises(httpx.TransportError):
            patch(laptop, state.upload, CHUNK, halves[1])
        assert doomed.wait() != 0
    move_to(laptop, files.addresses[1])

    again = opened(laptop, one, record)
    assert (again.upload, again.offset) == (state.upload, arrived * CHUNK)
    if arrived == 1:
        assert patch(laptop, state.upload, CHUNK, halves[1]).status_code == 204

    assert get(laptop, one, record).content == one.content


def test_an_upload_begun_again_is_the_same_upload(files: Files) -> None:
    laptop, one = files.laptop(), picture(CHUNK + 5)
    record = naming(laptop, one)
    first = opened(laptop, one, record)
    patch(laptop, first.upload, 0, one.content[:CHUNK])

    again = opened(laptop, one, record)

    assert (again.upload, again.offset) == (first.upload, CHUNK)


def test_a_chunk_at_another_offset_is_refused_and_changes_nothing(files: Files) -> None:
    laptop, one = files.laptop(), picture(300)
    state = opened(laptop, one, naming(laptop, one))
    assert patch(laptop, state.upload, 0, one.content[:100]).status_code == 204

    for offset in (0, 99, 101):
        assert patch(laptop, state.upload, offset, one.content[100:]).status_code == 409

    assert offset_of(laptop, state.upload) == 100


def test_a_chunk_that_the_line_garbled_is_refused_and_changes_nothing(files: Files) -> None:
    laptop, one = files.laptop(), picture(300)
    state = opened(laptop, one, naming(laptop, one))
    right = base64.b64encode(hashlib.sha256(one.content).digest()).decode()
    sha1 = base64.b64encode(hashlib.sha1(one.content, usedforsecurity=False).digest()).decode()
    garbled = bytes([one.content[0] ^ 1]) + one.content[1:]

    statuses = [
        patch(laptop, state.upload, 0, garbled, Upload_Checksum=f"sha256 {right}").status_code,
        patch(laptop, state.upload, 0, garbled, Upload_Checksum=f"sha1 {sha1}").status_code,
        patch(laptop, state.upload, 0, garbled, Upload_Checksum=f"md9 {right}").status_code,
        patch(laptop, state.upload, 0, garbled, Upload_Checksum="sha256 ?").status_code,
    ]

    assert statuses == [460, 460, 400, 400]
    assert offset_of(laptop, state.upload) == 0
    whole = patch(laptop, state.upload, 0, one.content, Upload_Checksum=f"sha256 {right}")
    assert whole.status_code == 204


def test_a_file_that_is_not_what_its_name_says_is_not_kept(files: Files) -> None:
    laptop, one = files.laptop(), picture(400)
    record = naming(laptop, one)
    state = opened(laptop, one, record)

    assert patch(laptop, state.upload, 0, bytes(400)).status_code == 460

    assert get(laptop, one, record).status_code == 404
    assert bytes(400) not in files.stored()
    again = opened(laptop, one, record)
    assert (again.offset, again.upload == state.upload) == (0, False)
    send(laptop, one, record)
    assert get(laptop, one, record).content == one.content


def test_a_file_that_no_record_of_mine_names_is_neither_taken_nor_given(files: Files) -> None:
    laptop, stranger, one = files.laptop(), files.laptop(), picture()
    record = naming(laptop, one)
    send(laptop, one, record)
    forged = naming(stranger, one)

    asked = {"name": picture().name, "object": record.object.id}
    assert create(laptop, 10, **asked).json()["code"] == "file_not_named"
    assert get(stranger, one, record).status_code == 404
    # Whoever knows a hash and writes it into a record of their own has not the file by that.
    assert get(stranger, one, forged).status_code == 404
    assert opened(stranger, one, forged).offset == 0


def test_an_upload_is_nobody_elses(files: Files) -> None:
    laptop, one = files.laptop(), picture()
    state = opened(laptop, one, naming(laptop, one))

    for other in (files.laptop(laptop.scope), files.laptop()):
        address = f"{protocol.FILES}/{state.upload}"
        assert patch(other, state.upload, 0, one.content).status_code == 404
        assert other.http.head(address, headers=TUS).status_code == 404
        assert other.http.delete(address, headers=TUS).status_code == 404


def test_a_file_that_the_town_has_is_not_sent_twice_and_another_town_is_not_told(
    files: Files,
) -> None:
    laptop, one = files.laptop(), picture()
    send(laptop, one, naming(laptop, one))
    colleague, stranger = files.laptop(laptop.scope), files.laptop()

    assert opened(colleague, one, naming(colleague, one)).offset == len(one.content)
    assert opened(stranger, one, naming(stranger, one)).offset == 0


def test_a_picture_that_was_replaced_can_still_be_sent_and_read(files: Files) -> None:
    laptop, old, new = files.laptop(), picture(), picture()
    record = naming(laptop, old)
    laptop.push(laptop.change(record.object.id, 1, [("photo_0", old.name, new.name)]))

    for one in (old, new):
        send(laptop, one, record)
        assert get(laptop, one, record).content == one.content


def test_a_picture_of_an_entity_is_read_by_whoever_sees_the_entity(files: Files) -> None:
    laptop, one = files.laptop(roles=("secretariat", "monitor")), picture()
    of = entity("household", new_id())
    laptop.push(create_entity(laptop, of, {"label": "가상-집", "photo": one.name}))
    asked = {"object": of.id, "list": of.list or ""}

    reply = create(laptop, len(one.content), name=one.name, **asked)
    patch(laptop, decode(UploadState, reply.content).upload, 0, one.content)

    path = f"{protocol.FILES}/{one.name}"
    assert laptop.http.get(path, params=asked).content == one.content
    assert files.laptop().http.get(path, params=asked).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=990-", 206, (990, 1000)),
        ("bytes=-10", 206, (990, 1000)),
        ("bytes=-5000", 206, (0, 1000)),
        ("bytes=500-5000", 206, (500, 1000)),
        ("bytes=1000-", 416, (0, 0)),
        ("bytes=-0", 416, (0, 0)),
        ("bytes=9-3", 200, (0, 1000)),
        ("bytes=0-1,5-6", 200, (0, 1000)),
        ("가상".encode().decode("latin-1"), 200, (0, 1000)),
    ],
)
def test_a_range_brings_exactly_the_bytes_asked_for(
    files: Files, asked: str, status: int, span: tuple[int, int]
) -> None:
    laptop, one = files.laptop(), picture()
    record = naming(laptop, one)
    send(laptop, one, record)

    path = f"{protocol.FILES}/{one.name}?object={record.object.id}"
    reply = laptop.http.get(path, headers=[(b"Range", asked.encode("latin-1"))])

    assert reply.status_code == status
    if status == 416:
        assert reply.headers["content-range"] == "bytes */1000"
        return
    assert reply.content == one.content[slice(*span)]
    if status == 206:
        assert reply.headers["content-range"] == f"bytes {span[0]}-{span[1] - 1}/1000"


def test_an_upload_that_was_given_up_is_gone(files: Files) -> None:
    laptop, one = files.laptop(), picture()
    state = opened(laptop, one, naming(laptop, one))
    address = f"{protocol.FILES}/{state.upload}"

    assert laptop.http.delete(address, headers=TUS).status_code == 204

    assert laptop.http.head(address, headers=TUS).status_code == 404


def test_an_upload_that_expired_takes_nothing_and_is_swept_by_the_next(files: Files) -> None:
    laptop, one, other = files.laptop(), picture(), picture()
    record = naming(laptop, one, other)
    state = opened(laptop, one, record)
    patch(laptop, state.upload, 0, one.content[:10])
    expire = "update fieldapp.upload set expires_at = now() where id = %s"
    files.server.sql(expire, [state.upload])

    assert patch(laptop, state.upload, 10, one.content[10:]).status_code == 410

    opened(laptop, other, record)
    left = "select 1 from fieldapp.upload where id = %s"
    assert files.server.sql(left, [state.upload]) == []
    assert send(laptop, one, record).upload != state.upload


def test_what_tus_asks_for_is_told_and_demanded(files: Files) -> None:
    laptop, one = files.laptop(), picture()
    record = naming(laptop, one)
    state = opened(laptop, one, record)

    offers = laptop.http.options(protocol.FILES)
    assert offers.status_code == 204
    assert offers.headers["tus-version"] == "1.0.0"
    extensions = set(offers.headers["tus-extension"].split(","))
    assert extensions == {"creation", "checksum", "expiration", "termination"}
    without = laptop.http.head(f"{protocol.FILES}/{state.upload}")
    assert (without.status_code, without.headers["tus-version"]) == (412, "1.0.0")
    other_type = patch(laptop, state.upload, 0, b"x", Content_Type="image/jpeg")
    assert other_type.status_code == 415


def test_sizes_beyond_the_limits_are_refused(files: Files) -> None:
    laptop, one = files.laptop(), picture(CHUNK + 10)
    record = naming(laptop, one)
    asked = {"name": one.name, "object": record.object.id}
    state = opened(laptop, one, record)

    assert create(laptop, protocol.FILE_MAX_BYTES + 1, **asked).status_code == 413
    assert create(laptop, 0, **asked).status_code == 400
    assert patch(laptop, state.upload, 0, bytes(CHUNK + 1)).status_code == 413
    assert patch(laptop, state.upload, 0, one.content[:CHUNK]).status_code == 204
    assert patch(laptop, state.upload, CHUNK, bytes(11)).status_code == 413
    assert offset_of(laptop, state.upload) == CHUNK


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": "x", "Upload-Metadata": ""}, 400),
        ({"Upload-Length": "5"}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": "name ???"}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": packed(name="../../etc/passwd")}, 400),
        ({"Upload-Length": "5", "Upload-Metadata": packed(name="a" * 64 + ".jpg")}, 400),
        (
            {
                "Upload-Length": "5",
                "Upload-Metadata": packed(
                    name="a" * 64 + ".jpg",
                    object="01930000-0000-7000-8000-0000000000aa",
                    list="가상\x00",
                ),
            },
            400,
        ),
    ],
)
def test_a_hostile_opening_is_refused(files: Files, headers: dict[str, str], status: int) -> None:
    laptop = files.laptop()

    reply = laptop.http.post(protocol.FILES, headers=TUS | headers)

    assert reply.status_code == status
    assert set(reply.json()) == {"code", "happened", "safe", "next"}


def test_a_file_whose_content_was_lost_is_asked_for_again(files: Files) -> None:
    laptop, one = files.laptop(), picture()
    record = naming(laptop, one)
    send(laptop, one, record)
    (path,) = files.server.files.rglob(one.name.partition(".")[0])
    path.unlink()

    assert get(laptop, one, record).status_code == 404
    send(laptop, one, record)

    assert get(laptop, one, record).content == one.content
