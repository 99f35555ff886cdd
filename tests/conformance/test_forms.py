"""Our engine beside recorded sessions of the field's own engines (engine.md §3, §7).

Scenario cases must agree in every recorded fact. Autoplay sessions must end in the same values and
relevance, and stand alike after each step. Bars are issue-wide; what differs is printed with
FIELDAPP_CORPUS_FAILURES=1, and its reasons stand in docs/forms-deviations.md.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest

from fieldapp.errors import FieldAppError
from fieldapp.forms import read_form
from tests.conformance.corpus import forms, recorded
from tests.conformance.form_deviations import SCENARIOS, SESSIONS
from tests.conformance.replay import Replayed, opened

# Percent that must agree.
SCENARIO_BAR = 99.0
AGREED_ENDS_BAR = 99.0
AGREED_STEPS_BAR = 97.0
OTHER_BAR = 95.0


def _forked_from(case: dict[str, Any], cases: list[dict[str, Any]]) -> str | None:
    """The instance that a session continued: as its forerunner in the same test left it.

    A session without steps may as well continue itself, and must where the test wrote the instance
    by hand, which was not recorded: what is loaded must stand as it was.
    """
    if not case["steps"]:
        return str(case["final_xml"])
    before = [
        other
        for other in cases
        if other["test"] == case["test"] and other["id"] < case["id"] and "final_xml" in other
    ]
    return str(before[-1]["final_xml"]) if before else None


def _is_edit(case: dict[str, Any]) -> bool:
    """Whether a continued session was an amendment: only those have a deprecatedID."""
    return any(reference.endswith("deprecatedID") for reference in case["initial"])


def play_scenario(case: dict[str, Any], cases: list[dict[str, Any]]) -> Replayed | None:
    """One case played; None when the session it continues was not recorded."""
    definition = read_form(forms()[case["form"]])
    restored = edited = None
    if "edit_instance" in case:
        edited = case["edit_instance"]
    elif case.get("forked"):
        kept = _forked_from(case, cases)
        if kept is None:
            return None
        kept = kept.replace("<uuid>", "00000000-0000-4000-8000-000000000001")
        restored, edited = (None, kept) if _is_edit(case) else (kept, None)
    replay = opened(
        definition,
        case["initial"],
        case.get("attachments"),
        restored=restored,
        edited=edited,
    )
    return replay.play(case["initial"], case["steps"])


def test_forms_behave_as_the_scenarios_of_the_field_say(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cases = [case for case in recorded("scenario")["cases"] if not case["expected_fail"]]
    counts: Counter[str] = Counter()
    failures: list[str] = []
    for case in cases:
        where = f"{case['id']} {case['test']}"
        try:
            if "load_error" in case:
                definition = read_form(forms()[case["form"]])
                opened(definition, {})
                if definition.external_instances and not case.get("attachments"):
                    counts["not whole"] += 1  # the file that was refused was not recorded
                    continue
                counts["differs"] += 1
                failures.append(f"{where}: opens here, recorded: {case['load_error']}")
                continue
            replayed = play_scenario(case, cases)
        except FieldAppError as refusal:
            agrees = "load_error" in case
            counts["agrees" if agrees else "differs"] += 1
            if not agrees:
                failures.append(f"{where}: refused: {refusal.facts}")
            continue
        except Exception as crash:  # noqa: BLE001 (one form's crash must not hide the others)
            counts["differs"] += 1
            failures.append(f"{where}: CRASH {crash!r}")
            continue
        if replayed is None:
            counts["not whole"] += 1
        elif replayed.differences:
            counts["differs"] += 1
            failures.append(f"{where}: {replayed.differences[0]} ({len(replayed.differences)})")
        else:
            counts["agrees"] += 1
    played = counts["agrees"] + counts["differs"]
    percent = 100 * counts["agrees"] / played
    with capsys.disabled():
        print(
            f"\nscenario cases                {counts['agrees']:4} of {played:4} agree"
            f" ({percent:5.1f} %); {counts['not whole']} hang on what was not recorded"
        )
        _show(failures, SCENARIOS)
    assert percent >= SCENARIO_BAR


def test_sessions_of_seeded_answers_end_as_the_field_s_engines_end_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    failures: list[str] = []
    for case in recorded("autoplay")["forms"]:
        group = "two engines agree" if case["two_engines_agree"] else "one engine"
        counts[group, "forms"] += 1
        counts[group, "states"] += len(case["steps"]) + 1
        try:
            definition = read_form(forms()[case["file"]])
            replayed = opened(definition, case["initial"]).play(case["initial"], case["steps"])
        except FieldAppError as refusal:
            failures.append(f"{case['file']} ({group}): refused: {refusal.facts}")
            continue
        except Exception as crash:  # noqa: BLE001 (one form's crash must not hide the others)
            failures.append(f"{case['file']} ({group}): CRASH {crash!r}")
            continue
        counts[group, "ends"] += replayed.ends_alike
        counts[group, "alike"] += len(case["steps"]) + 1 - len(replayed.steps_differing)
        counts[group, "whole"] += not replayed.differences
        if replayed.differences:
            end = "" if replayed.ends_alike else "ends otherwise: "
            failures.append(f"{case['file']} ({group}): {end}{replayed.differences[0]}")
    with capsys.disabled():
        print()
        for group in ("two engines agree", "one engine"):
            total, states = counts[group, "forms"], counts[group, "states"]
            print(
                f"autoplay, {group:18} {counts[group, 'ends']:4} of {total:4} forms end alike"
                f" ({100 * counts[group, 'ends'] / total:5.1f} %),"
                f" {100 * counts[group, 'alike'] / states:5.1f} % of {states} states alike,"
                f" {counts[group, 'whole']} forms in every word"
            )
        _show(failures, SESSIONS)
    agreed, other = "two engines agree", "one engine"
    assert 100 * counts[agreed, "ends"] >= AGREED_ENDS_BAR * counts[agreed, "forms"]
    assert 100 * counts[agreed, "alike"] >= AGREED_STEPS_BAR * counts[agreed, "states"]
    assert 100 * counts[other, "ends"] >= OTHER_BAR * counts[other, "forms"]


def _show(failures: list[str], reasons: dict[str, str]) -> None:
    """Print what differs and why, where somebody has named why."""
    known = {failure: reasons.get(failure.partition(" ")[0], "") for failure in failures}
    print(f"  {sum(map(bool, known.values()))} of {len(failures)} differences are explained")
    if os.environ.get("FIELDAPP_CORPUS_FAILURES"):
        for failure, reason in known.items():
            print(failure + (f"\n    because: {reason}" if reason else ""))
