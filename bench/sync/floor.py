"""The floor: Starlette and psycopg with one plain table, without receipts, merge or policies.

`floor.py serve DATABASE_URL` prints where it listens; `floor.py client ADDRESS FILE DOCUMENTS`
pushes a file of JSON lines a batch a request, then pulls it into an encrypted file.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psycopg
import uvicorn
from psycopg.types.json import Jsonb, set_json_dumps
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from bench.sync.processes import LISTENING, tell
from fieldapp.crypto.wrapping import new_data_key
from fieldapp.storage.sqlite import connect

BATCH = 500


def serve(database_url: str) -> None:
    """Answer until told to stop."""
    connection = psycopg.connect(database_url, autocommit=True)
    set_json_dumps(msgspec.json.encode, connection)
    connection.execute(
        "create table if not exists floor"
        " (seq bigint generated always as identity, id text primary key, doc jsonb not null)"
    )

    def keep(body: bytes) -> None:
        docs: list[dict[str, Any]] = msgspec.json.decode(body)
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany(
                "insert into floor (id, doc) values (%s, %s)",
                [(doc["op_id"], Jsonb(doc)) for doc in docs],
            )

    def page(after: int) -> bytes:
        rows = connection.execute(
            "select seq, doc::text from floor where seq > %s order by seq limit %s", [after, BATCH]
        ).fetchall()
        return msgspec.json.encode([(seq, msgspec.Raw(doc.encode())) for seq, doc in rows])

    async def push(request: Request) -> Response:
        body = await request.body()
        await run_in_threadpool(keep, body)
        return Response()

    async def pull(request: Request) -> Response:
        after = int(request.query_params["after"])
        return Response(await run_in_threadpool(page, after), media_type="application/json")

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        print(f"{LISTENING}http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        yield

    app = Starlette(
        routes=[Route("/push", push, methods=["POST"]), Route("/pull", pull)], lifespan=lifespan
    )
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        config = uvicorn.Config(app, access_log=False, log_config=None)
        uvicorn.Server(config).run(sockets=[listener])


def client(address: str, file: Path, documents: Path) -> None:
    """Push, pull, tell."""
    lines = documents.read_bytes().splitlines()
    database = connect(file, new_data_key(), "rwc")
    database.execute("CREATE TABLE floor (id TEXT PRIMARY KEY, doc TEXT NOT NULL)")
    cpu_began_s = time.process_time()
    with httpx.Client(base_url=address, timeout=60, trust_env=False) as http:
        began = time.perf_counter()
        for at in range(0, len(lines), BATCH):
            body = b"[" + b",".join(lines[at : at + BATCH]) + b"]"
            http.post("push", content=body).raise_for_status()
        pushed = time.perf_counter()
        after = 0
        while rows := msgspec.json.decode(http.get("pull", params={"after": after}).content):
            database.execute("BEGIN IMMEDIATE")
            database.execute_many(
                "INSERT INTO floor VALUES (?, ?)",
                [(doc["op_id"], msgspec.json.encode(doc).decode()) for _, doc in rows],
            )
            database.execute("COMMIT")
            after = rows[-1][0]
        pulled = time.perf_counter()
    count = database.count("SELECT count(*) FROM floor")
    database.close()
    tell(count, {"push": pushed - began, "pull": pulled - pushed}, cpu_began_s)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        client(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
