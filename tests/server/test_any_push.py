"""A push that is nearly right is answered, and never by 500.

From the patterns of an operation schemathesis makes none in a minute (`test_any_request.py`), so
these begin with the golden operations, given to a device of this town, and a few of their values
are exchanged, dropped or doubled. FUZZ_PUSHES says how many.
"""

from __future__ import annotations

import copy
import itertools
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fieldapp.sync import protocol
from tests.servers import Laptop, Server

Json: TypeAlias = Any
Place: TypeAlias = tuple[str | int, ...]

_FORMATS = Path(__file__).parents[1] / "contracts" / "formats"
_IDS, _REPLICA = "01937000-", "01930000-0000-7000-8000-0000000000aa"
_numbers = itertools.count(1)
BOUNDED = settings(
    max_examples=int(os.environ.get("FUZZ_PUSHES", "60")),
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def golden() -> list[Json]:
    """Every operation of the golden formats."""
    book = json.loads((_FORMATS / "operations.json").read_text(encoding="utf-8"))
    accepted = [entry for entry in book["accepted"].values() if entry["shape"] == "Operation"]
    return [entry["value"] for entry in accepted]


GOLDEN = golden()
#: Texts where others were meant: most of them are texts that an operation may carry.
ODD_TEXT = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        ["", " ", "\x00", "\ud800", "x" * 5_000, "0", "-1", "9" * 30, "NaN", "@", "@signed/", "a[",
         "areas[n1]/items[", "완료", "2026-13-99", "{}", "[]", "../..", "%s", "'; --", "uuid:"]
    ),
)  # fmt: skip
#: What stands where something of another kind was meant.
ODD: st.SearchStrategy[Json] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 1, 2**31, 2**63, 2**64, 1.5, 1e308]),
    st.sampled_from([[], {}, [[]], [None], {"": ""}, [{}], ["", ""]]),
    ODD_TEXT,
)


def places(value: Json, at: Place = ()) -> Iterator[Place]:
    """Where in a value something stands."""
    if isinstance(value, dict | list):
        entries: Any = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in entries:
            yield (*at, key)
            yield from places(one, (*at, key))


def holder(value: Json, at: Place) -> Json:
    for step in at[:-1]:
        value = value[step]
    return value


@st.composite
def nearly_right(draw: st.DrawFn) -> list[Json]:
    """One to four golden operations, most of them with something wrong."""
    chosen = draw(
        st.lists(st.sampled_from(range(len(GOLDEN))), min_size=1, max_size=4, unique=True)
    )
    ops = [copy.deepcopy(GOLDEN[number]) for number in chosen]
    for _ in range(draw(st.integers(0, 2))):
        known = list(places(ops))
        at = draw(st.sampled_from(known))
        inside = holder(ops, at)
        match draw(st.sampled_from(["text", "text", "text", "odd", "other", "drop", "double"])):
            case "text" if isinstance(inside[at[-1]], str):
                inside[at[-1]] = draw(ODD_TEXT)
            case "text" | "odd":
                inside[at[-1]] = draw(ODD)
            case "other":
                other = draw(st.sampled_from(known))
                held: Any = holder(ops, other)
                inside[at[-1]] = copy.deepcopy(held[other[-1]])
            case "drop":
                del inside[at[-1]]
            case _ if isinstance(inside, list):
                inside.append(copy.deepcopy(inside[int(at[-1])]))
            case _:
                inside[f"{at[-1]}x"] = inside[at[-1]]
        if not ops:
            return ops
    return ops


def as_of(device: Laptop, ops: list[Json]) -> bytes:
    """The operations as this device would number and sign them, each time of other objects."""
    for op in ops:
        if isinstance(op, dict):
            if "seq" in op:
                op.update(seq=next(_numbers), author=device.user)
            if op.get("scope") == "town-1":
                op["scope"] = device.scope
    text = json.dumps({"replica": device.replica, "incarnation": 1, "ops": ops})
    fresh = f"{next(_numbers):08x}-"
    return text.replace(_IDS, fresh).replace(_REPLICA, device.replica).encode()


def test_a_push_that_is_nearly_right_is_never_answered_by_a_server_error(server: Server) -> None:
    device = server.new_laptop()
    seen: Counter[str] = Counter()

    def push(ops: list[Json]) -> None:
        body = as_of(device, ops)
        reply = device.http.post(protocol.PUSH, content=body)
        assert reply.status_code < 500, body
        seen[str(reply.status_code)] += 1
        if reply.status_code == 200:
            seen.update(receipt["status"] for receipt in reply.json()["results"])

    @BOUNDED
    @given(ops=nearly_right())
    def push_nearly_right(ops: list[Json]) -> None:
        push(ops)

    push_nearly_right()
    spoilt = Counter(seen)
    for right in GOLDEN:
        push([copy.deepcopy(right)])

    # Most get past the shapes; and those that are wholly right, past every rule.
    assert spoilt["200"] > spoilt["400"] / 4 > 0, spoilt
    assert seen["applied"] > spoilt["applied"], seen
    assert device.http.get("/health").status_code == 200
    assert server.new_laptop(device.scope).pull() is not None
