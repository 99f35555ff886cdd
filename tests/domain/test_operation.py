"""The operation in code: what cannot be built, and what its hash covers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.clock import KOREA, instant_text
from fieldapp.domain.ids import new_operation_id, new_record_id
from fieldapp.domain.operation import (
    Base,
    Changes,
    ClockStamp,
    FormRef,
    ObjectRef,
    Operation,
    PatchLine,
    Transition,
    instances_of,
    operation_hash,
)
from fieldapp.domain.shapes import decode, encode, read, to_wire
from fieldapp.errors import MalformedMessage

NOON = datetime(2026, 12, 1, 12, tzinfo=KOREA)
RECORD = new_record_id(NOON)


def operation(**facts: Any) -> Operation:
    given_facts: dict[str, Any] = {
        "op_id": new_operation_id(NOON),
        "replica": new_record_id(NOON),
        "seq": 1,
        "object": ObjectRef(type="record", id=RECORD),
        "kind": "create",
        "scope": "town-1",
        "patch": (PatchLine(path="q1", new="5"),),
        "form": FormRef(id="P13e", version="1"),
        "author": "가상-오사무",
        "at": instant_text(NOON),
        "clock": ClockStamp(offset_ms=0, boot_id="b"),
    }
    return Operation(**(given_facts | facts))


FACTS = to_wire(operation())


@pytest.mark.parametrize(
    "facts",
    [
        {"scope": None},
        {"base": Base(rev=1)},
        {"form": None},
        {"kind": "change"},
        {"kind": "change", "scope": None},
        {"kind": "change", "scope": None, "base": Base(rev=1), "patch": ()},
        {"kind": "delete", "scope": None, "base": Base(rev=1)},
        {"kind": "move", "scope": None, "base": Base(rev=1), "patch": ()},
        {"patch": (PatchLine(path="q1", old="1", new="2"),)},
        {"patch": (PatchLine(path="q1"),)},
        {"patch": (PatchLine(path="q1", new="1"), PatchLine(path="q1", new="2"))},
        {"patch": (PatchLine(path="meta/instanceID", new="uuid:other"),)},
        {"at": "2026-02-30T12:00:00+09:00"},
    ],
    ids=str,
)
def test_what_the_wire_refuses_cannot_be_built_either(facts: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - each rule has its own words
        operation(**facts)

    assert "가상-" not in str(refusal.value)


def test_a_pure_transition_is_a_change_with_an_empty_patch() -> None:
    step = operation(
        kind="change", scope=None, base=Base(rev=1), patch=(),
        transition=Transition(to="승인", seen_rev=1),
    )  # fmt: skip

    assert "patch" not in to_wire(step)


def test_a_person_may_resolve_to_what_stands_and_to_nothing() -> None:
    resolve = operation(
        kind="resolve", scope=None, base=Base(rev=2),
        patch=(PatchLine(path="q1", old="5", new="5"), PatchLine(path="q2")),
    )  # fmt: skip

    assert decode(Operation, encode(resolve)) == resolve


def test_the_hash_leaves_out_replica_and_seq_and_nothing_else() -> None:
    first = operation()
    facts = to_wire(first)

    for renumbered in ({"seq": 9}, {"replica": new_record_id(NOON)}):
        assert operation_hash(read(Operation, facts | renumbered)) == operation_hash(first)
    for changed in (
        {"author": "가상-박점검"},
        {"at": "2026-12-01T12:00:01+09:00"},
        {"scope": "town-2"},
        {"patch": [{"path": "q1", "new": "4"}]},
        {"reason": "다시"},
        {"op_id": new_operation_id(NOON)},
    ):
        assert operation_hash(read(Operation, facts | changed)) != operation_hash(first)


@pytest.mark.parametrize("field", ["reason", "author", "scope"])
def test_half_a_surrogate_pair_is_no_text(field: str) -> None:
    with pytest.raises(MalformedMessage):
        read(Operation, FACTS | {field: "\ud83d"})


def test_instances_are_named_outermost_first() -> None:
    assert instances_of("areas[n3]/items[n1]/score") == ("areas[n3]", "areas[n3]/items[n1]")
    assert instances_of("areas[n3]") == ("areas[n3]",)
    assert instances_of("q1") == ()


def test_changes_add_up() -> None:
    both = Changes(records=frozenset({RECORD})) | Changes(outbox=True)

    assert both == Changes(records=frozenset({RECORD}), outbox=True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(key=st.sampled_from([*FACTS, "subject", "base", "effects", "transition"]), value=JSON)
def test_whatever_stands_in_a_field_is_read_or_refused_and_never_crashes(
    key: str, value: Any
) -> None:
    """What is read is written as it was, so that its hash is the sender's."""
    facts = FACTS | {key: value}
    try:
        kept = read(Operation, facts)
    except MalformedMessage:
        return
    assert decode(Operation, encode(kept)) == kept
    assert len(operation_hash(kept)) == 64
