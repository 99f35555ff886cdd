"""Base, ours, theirs: every rule, and what no merge may ever do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.merge import generic_path, lay_over, merge_patch
from fieldapp.domain.operation import PatchLine, changed_answers, value_at
from fieldapp.domain.plans import MergePlan, MergeRule

PATHS = ["q1", "q2", "items/q3", "areas[n1]/score", "areas[n1]/note", "areas[n2]/score", "good"]
ANSWERS = st.dictionaries(st.sampled_from(PATHS), st.sampled_from("12345"))


def merged_value(rule: MergeRule, old: str | None, ours: str | None, theirs: str | None) -> object:
    """What stands at one path afterwards, or `conflict`."""
    standing = {} if ours is None else {"x": ours}
    merged = merge_patch(
        MergePlan(rules={"x": rule}), standing, [PatchLine(path="x", old=old, new=theirs)]
    )
    return "conflict" if merged.conflicts else merged.answers.get("x")


@pytest.mark.parametrize(
    ("rule", "old", "ours", "theirs", "expected"),
    [
        ("ask", "1", "1", "2", "2"),
        ("ask", "1", "2", "2", "2"),
        ("ask", "1", "3", "2", "conflict"),
        ("ask", None, "3", "2", "conflict"),
        ("ask", None, None, "2", "2"),
        ("ask", "1", None, "2", "conflict"),
        ("ask", "1", "3", None, "conflict"),
        ("ask", "1", "1", None, None),
        ("ask", "1", None, None, None),
        ("last", "1", "3", "2", "2"),
        ("last", "1", "3", None, None),
        ("append", "a", "a\nb", "a\nc", "a\nb\nc"),
        ("append", None, "b", "c", "b\nc"),
        ("append", "a", "a\nb", "a", "a\nb"),
        ("append", "a", "a\nb", None, "a\nb"),
        ("append", "a", None, "a\nc", "a\nc"),
        ("union", "1 2", "1 2 3", "1 2 4", "1 2 3 4"),
        ("union", "1 2", "2", "1 2 4", "2 4"),
        ("union", "1 2", "1 2 3", "1", "1 3"),
        ("union", None, "1", "2 1", "1 2"),
        ("union", "1", "1 2", None, "1 2"),
        ("max", "1", "9", "10", "10"),
        ("max", "1", "10", "9", "10"),
        ("max", "1.5", "1.50", "1.500", "1.50"),
        ("max", None, "2026-12-01", "2026-12-02", "2026-12-02"),
        ("min", None, "2026-12-01T09:00:00+09:00", "2026-12-01T08:59:00+09:00",
         "2026-12-01T08:59:00+09:00"),
        ("min", "1", "10", "9", "9"),
        ("min", "1", "-1", "0", "-1"),
        ("max", "1", "NaN", "3", "NaN"),
    ],
)  # fmt: skip
def test_a_rule_settles_two_changes_of_one_answer(
    rule: MergeRule, old: str | None, ours: str | None, theirs: str | None, expected: object
) -> None:
    assert merged_value(rule, old, ours, theirs) == expected


def test_a_conflict_keeps_base_ours_and_theirs_and_lets_the_rest_through() -> None:
    merged = merge_patch(
        MergePlan(),
        {"q1": "3", "q2": "1"},
        [PatchLine(path="q1", old="1", new="2"), PatchLine(path="q2", old="1", new="5")],
    )

    (line,) = merged.conflicts
    assert (line.path, line.base, line.ours, line.theirs) == ("q1", "1", "3", "2")
    assert merged.answers == {"q1": "3", "q2": "5"}
    assert merged.applied == ("q2",)


def test_calculated_answers_never_conflict() -> None:
    plan = MergePlan(calculated=frozenset({"areas/mean"}))

    merged = merge_patch(
        plan, {"areas[n1]/mean": "3"}, [PatchLine(path="areas[n1]/mean", old="1", new="2")]
    )

    assert merged.conflicts == ()


def test_half_a_group_is_never_applied() -> None:
    """Decision and amount mean something only together (F5)."""
    plan = MergePlan(groups=(frozenset({"decision", "amount"}),))
    patch = [
        PatchLine(path="amount", old="0", new="90"),
        PatchLine(path="decision", old="open", new="yes"),
        PatchLine(path="note", new="x"),
    ]

    merged = merge_patch(plan, {"amount": "50", "decision": "open"}, patch)

    assert [line.path for line in merged.conflicts] == ["amount", "decision"]
    assert merged.answers == {"amount": "50", "decision": "open", "note": "x"}


def test_a_group_of_which_others_moved_a_part_is_in_dispute() -> None:
    plan = MergePlan(groups=(frozenset({"decision", "amount"}),))
    patch = [PatchLine(path="amount", old="50", new="90")]
    standing = {"amount": "50", "decision": "no"}

    assert merge_patch(plan, standing, patch).conflicts == ()
    disputed = merge_patch(plan, standing, patch, moved=["decision"])

    assert [line.path for line in disputed.conflicts] == ["amount"]
    assert disputed.answers == standing


def test_a_group_that_says_the_same_on_both_sides_is_no_conflict() -> None:
    plan = MergePlan(groups=(frozenset({"decision", "amount"}),))
    patch = [
        PatchLine(path="amount", old="0", new="90"),
        PatchLine(path="decision", old="open", new="yes"),
    ]

    merged = merge_patch(plan, {"amount": "90", "decision": "yes"}, patch)

    assert merged.conflicts == ()
    assert merged.applied == ()


BEFORE = {"areas[n1]/score": "3", "areas[n1]/items[n1]/name": "부엌", "areas[n2]/score": "1"}
REMOVED = changed_answers(BEFORE, {"areas[n2]/score": "1"})


def test_removing_an_instance_is_one_line() -> None:
    assert [(line.path, line.old, line.new) for line in REMOVED] == [
        ("areas[n1]", '{"items[n1]/name":"부엌","score":"3"}', None)
    ]
    assert lay_over(BEFORE, REMOVED) == {"areas[n2]/score": "1"}
    assert merge_patch(MergePlan(), BEFORE, REMOVED).answers == {"areas[n2]/score": "1"}


@pytest.mark.parametrize(
    "edit",
    [{"areas[n1]/score": "5"}, {"areas[n1]/note": "새로"}, {"areas[n1]/items[n2]/name": "방"}],
    ids=["changed", "added", "nested"],
)
def test_removing_what_another_edited_is_a_conflict(edit: Mapping[str, str]) -> None:
    standing = {**BEFORE, **edit}

    merged = merge_patch(MergePlan(), standing, REMOVED)

    (line,) = merged.conflicts
    assert merged.answers == standing
    assert (line.path, line.base, line.ours, line.theirs) == (
        "areas[n1]", REMOVED[0].old, value_at(standing, "areas[n1]"), None,
    )  # fmt: skip


def test_editing_what_another_removed_is_a_conflict() -> None:
    merged = merge_patch(
        MergePlan(),
        {"areas[n2]/score": "1"},
        [PatchLine(path="areas[n1]/score", old="3", new="5")],
    )

    assert [line.path for line in merged.conflicts] == ["areas[n1]/score"]


def test_removing_what_another_removed_too_is_nothing() -> None:
    merged = merge_patch(MergePlan(), {"areas[n2]/score": "1"}, REMOVED)

    assert merged.conflicts == ()
    assert merged.applied == ()


def test_n1_is_not_a_part_of_n10() -> None:
    before = {"areas[n1]/score": "1", "areas[n10]/score": "2"}

    assert lay_over(before, changed_answers(before, {"areas[n10]/score": "2"})) == {
        "areas[n10]/score": "2"
    }


def test_a_path_without_its_repeat_keys_is_the_plans_path() -> None:
    assert generic_path("areas[n3]/items[n1]/score") == "areas/items/score"


@given(before=ANSWERS, after=ANSWERS)
def test_a_patch_leads_from_one_set_of_answers_to_the_other(
    before: dict[str, str], after: dict[str, str]
) -> None:
    patch = changed_answers(before, after)
    merged = merge_patch(MergePlan(), before, patch)

    assert lay_over(before, patch) == merged.answers == after
    assert merged.conflicts == ()


@given(before=ANSWERS, ours=ANSWERS, theirs=ANSWERS)
def test_disjoint_patches_merge_to_the_same_in_either_order(
    before: dict[str, str], ours: dict[str, str], theirs: dict[str, str]
) -> None:
    one, other = changed_answers(before, ours), changed_answers(before, theirs)
    touched = {line.path.partition("]")[0] for line in one}
    other = tuple(line for line in other if line.path.partition("]")[0] not in touched)

    first = merge_patch(MergePlan(), merge_patch(MergePlan(), before, one).answers, other)
    second = merge_patch(MergePlan(), merge_patch(MergePlan(), before, other).answers, one)

    assert first.answers == second.answers
    assert first.conflicts == second.conflicts == ()


PLANS = st.builds(
    MergePlan,
    calculated=st.frozensets(st.sampled_from(["q2"])),
    rules=st.dictionaries(st.sampled_from(["q1", "good"]), st.sampled_from(get_args(MergeRule))),
    groups=st.tuples() | st.just((frozenset({"items/q3", "areas/score"}),)),
)


@given(plan=PLANS, before=ANSWERS, ours=ANSWERS, theirs=ANSWERS)
def test_no_value_is_lost_but_by_a_rule_that_says_so(
    plan: MergePlan, before: dict[str, str], ours: dict[str, str], theirs: dict[str, str]
) -> None:
    """Every arriving value stands afterwards, or stands in a conflict beside ours (I7)."""
    patch = changed_answers(before, theirs)

    merged = merge_patch(plan, ours, patch)

    disputed = {line.path: line for line in merged.conflicts}
    for line in patch:
        generic = generic_path(line.path)
        if plan.rules.get(generic, "ask") != "ask" or generic in plan.calculated:
            continue
        if line.path in disputed:
            conflict = disputed[line.path]
            assert (conflict.base, conflict.theirs) == (line.old, line.new)
            assert conflict.ours == value_at(ours, line.path)
            assert value_at(merged.answers, line.path) == value_at(ours, line.path)
        else:
            assert value_at(merged.answers, line.path) == line.new
    untouched = ours.keys() - {key for key in ours if _is_below(key, patch)}
    assert all(merged.answers[key] == ours[key] for key in untouched)


def _is_below(key: str, patch: tuple[PatchLine, ...]) -> bool:
    return any(key == line.path or key.startswith(f"{line.path}/") for line in patch)


@given(plan=PLANS, before=ANSWERS, theirs=ANSWERS)
def test_a_patch_brought_twice_changes_nothing_the_second_time(
    plan: MergePlan, before: dict[str, str], theirs: dict[str, str]
) -> None:
    patch = changed_answers(before, theirs)
    once = merge_patch(plan, before, patch)

    again = merge_patch(plan, once.answers, patch)

    assert again.answers == once.answers
    assert again.applied == ()
