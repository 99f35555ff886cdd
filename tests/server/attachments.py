"""Pictures, and the doors of attachments as a plain laptop uses them."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from fieldapp.domain.exchange import UploadState
from fieldapp.domain.operation import Operation
from fieldapp.domain.shapes import decode
from fieldapp.server.process import ServerProcess
from fieldapp.sync import protocol
from tests.servers import Laptop, Server, survey

CHUNK = protocol.FILE_CHUNK_BYTES
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True)
class Picture:
    """A file as a worker attached it."""

    content: bytes

    @property
    def name(self) -> str:
        return f"{hashlib.sha256(self.content).hexdigest()}.jpg"


def picture(size: int = 1000) -> Picture:
    return Picture(os.urandom(size))


@dataclass
class Files:
    """Two app servers over one database and one folder."""

    server: Server
    addresses: tuple[str, str]

    def laptop(self, scope: str | None = None, **account: tuple[str, ...]) -> Laptop:
        home = scope or self.server.new_scope()
        user = self.server.new_user(home, **account)
        return self.server.laptop(user, home, self.addresses[0])

    def another(self, failpoint: str) -> ServerProcess:
        return self.server.another(failpoint=failpoint)

    def stored(self) -> list[bytes]:
        return [path.read_bytes() for path in self.server.files.rglob("*") if path.is_file()]


@pytest.fixture(scope="module")
def files(server: Server) -> Iterator[Files]:
    with server.another() as other:
        yield Files(server, (server.base_url, other.base_url))


def naming(laptop: Laptop, *pictures: Picture) -> Operation:
    """A record that names pictures, brought to the server."""
    named = {f"photo_{number}": one.name for number, one in enumerate(pictures)}
    operation = laptop.create(survey() | named)
    assert laptop.receipt(operation).status == "applied"
    return operation


def packed(**texts: str) -> str:
    return ",".join(
        f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in texts.items()
    )


def create(laptop: Laptop, size: int, **texts: str) -> httpx.Response:
    headers = TUS | {"Upload-Length": str(size), "Upload-Metadata": packed(**texts)}
    return laptop.http.post(protocol.FILES, headers=headers)


def opened(laptop: Laptop, one: Picture, record: Operation) -> UploadState:
    reply = create(laptop, len(one.content), name=one.name, object=record.object.id)
    assert reply.status_code == 201, reply.text
    assert reply.headers["location"].endswith(decode(UploadState, reply.content).upload)
    return decode(UploadState, reply.content)


def patch(
    laptop: Laptop, upload: str, offset: int, content: bytes, **headers: str
) -> httpx.Response:
    given = TUS | {
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
        **{name.replace("_", "-"): text for name, text in headers.items()},
    }
    return laptop.http.patch(f"{protocol.FILES}/{upload}", content=content, headers=given)


def offset_of(laptop: Laptop, upload: str) -> int:
    reply = laptop.http.head(f"{protocol.FILES}/{upload}", headers=TUS)
    assert reply.status_code == 200
    return int(reply.headers["upload-offset"])


def send(laptop: Laptop, one: Picture, record: Operation) -> UploadState:
    """The whole file, chunk by chunk, from where it stands."""
    state = opened(laptop, one, record)
    for at in range(state.offset, len(one.content), CHUNK):
        assert patch(laptop, state.upload, at, one.content[at : at + CHUNK]).status_code == 204
    return state


def get(laptop: Laptop, one: Picture, record: Operation, **headers: str) -> httpx.Response:
    asked = {"object": record.object.id}
    return laptop.http.get(f"{protocol.FILES}/{one.name}", params=asked, headers=headers)


def move_to(laptop: Laptop, address: str) -> None:
    laptop.http.base_url = httpx.URL(address)
