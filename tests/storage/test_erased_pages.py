"""What the server had erased is nowhere in the file: read page by page with the key in hand."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from fieldapp.storage.database import Store
from fieldapp.storage.replica import StoreReplica
from tests.storage import building as b
from tests.storage import entity_building as e

#: SQLCipher 4: the salt stands at the beginning, and behind each page its vector and its code.
PAGE, SALT, VECTOR, CODE = 4096, 16, 16, 64
#: FTS5 leaves out what a word shares with the one before it: the second of two letters stays.
CANARIES = ("쀍쀎쀏", "쀎", "뛟뛠", "8642")


def decrypted(path: Path, data_key: bytes) -> bytes:
    """Every page of a closed store, those that nothing uses any more among them."""
    content = path.read_bytes()
    pages = []
    for start in range(0, len(content), PAGE):
        page = content[start : start + PAGE]
        body, vector = page[: -VECTOR - CODE], page[-VECTOR - CODE : -CODE]
        body = body[SALT:] if start == 0 else body
        cipher = Cipher(algorithms.AES(data_key), modes.CBC(vector)).decryptor()
        pages.append(cipher.update(body) + cipher.finalize())
    return b"".join(pages)


def canaries_in(path: Path, data_key: bytes) -> set[str]:
    content = decrypted(path, data_key)
    return {canary for canary in CANARIES if canary.encode() in content}


def test_nothing_of_an_erased_or_evicted_entity_is_left_in_a_page_of_the_file(
    path: Path, data_key: bytes
) -> None:
    Store.create(path, data_key, identity=b.IDENTITY, created_at=b.NOON).close()
    store = Store.open(path, data_key)
    replica = StoreReplica(store, lambda *_: None)
    erased, evicted, others = b.new_uuid(), b.new_uuid(), [b.new_uuid() for _ in range(40)]
    rows = [
        e.put_entity(other, 1, {"phone": f"010-0000-{n:04}"}, label=f"가상-{n}", scope_seq=n + 1)
        for n, other in enumerate(others)
    ]
    rows.append(
        e.put_entity(erased, 1, {"phone": "010-8642-8642"}, label="가상-쀍쀎쀏", scope_seq=50)
    )
    rows.append(e.put_entity(evicted, 1, {"note": "가"}, label="가상-뛟뛠", scope_seq=51))
    replica.accept_rows(b.page(*rows))
    # Written over once: the revision before is in the file's free space, if anywhere.
    replica.accept_rows(b.page(e.put_entity(erased, 2, {}, label="가상-쀍쀎쀏 둘", scope_seq=52)))
    store.close()
    before = canaries_in(path, data_key)

    store = Store.open(path, data_key)
    replica = StoreReplica(store, lambda *_: None)
    replica.accept_rows(
        b.page(
            e.entity_row("erase", erased, 3, scope_seq=60),
            e.entity_row("evict", evicted, 2, scope_seq=61),
        )
    )
    store.close()

    assert before == set(CANARIES)
    assert canaries_in(path, data_key) == set()
