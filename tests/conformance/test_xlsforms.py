"""XLSForm sources of the field: accepted and refused as recorded, and what is accepted opens.

Three questions are asked of each source, and one line of percentages answers them: does the
compiler, in its process, accept what pyxform accepted when it was recorded; is what the source's
own test expects the same (the sources are mostly the cases of pyxform's tests); does our engine
open what comes out. What differs is printed, each with its reason.
"""

from __future__ import annotations

import tarfile
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import msgspec
import pytest

from fieldapp.errors import FieldAppError
from fieldapp.forms import read_form
from fieldapp.packs.conversion import Converted, Kind, Stopped
from fieldapp.packs.sayings import OTHER, told_by
from fieldapp.packs.worker import PackWorker
from tests.conformance.corpus import CORPUS, recorded

#: Percent that must be accepted or refused as recorded, and that must open as recorded.
BAR = 99.0

#: Why a source may be accepted or refused otherwise than its own test expects. Told from the
#: record alone: its compiler, when the record was made, differed from the test in the same way.
_TEST_IS_MORE = "so was the recorded pyxform: its test does more than convert this text"


@lru_cache
def sources() -> tuple[tuple[dict[str, Any], bytes], ...]:
    """Every XLSForm of the archive with what is recorded of it."""
    archive = CORPUS / "xlsforms.tar.gz"
    if not archive.exists():
        pytest.skip(f"no corpus at {CORPUS}: set FIELDAPP_CORPUS")
    by_file = {entry["file"]: entry for entry in recorded("manifest")}
    found: list[tuple[dict[str, Any], bytes]] = []
    with tarfile.open(archive) as files:
        for member in files:
            content = files.extractfile(member) if member.isfile() else None
            if content is not None:
                found.append((by_file[member.name], content.read()))
    return tuple(found)


@lru_cache
def answers() -> tuple[Converted | Stopped, ...]:
    """What the compiler makes of each, by one process kept warm."""
    with PackWorker() as worker:
        return tuple(
            worker(content, msgspec.convert(PurePosixPath(entry["file"]).suffix, Kind))
            for entry, content in sources()
        )


def compiled() -> Iterator[tuple[dict[str, Any], Converted]]:
    for (entry, _), answer in zip(sources(), answers(), strict=True):
        assert isinstance(answer, Converted), f"{entry['file']}: {answer}"
        yield entry, answer


def engine_opens(xform: str) -> str:
    """ "" when our engine reads the form, else why not. Never an exception: that is a crash."""
    try:
        read_form(xform.encode())
    except FieldAppError as refusal:
        reason = refusal.facts.get("reason")
        return f"{type(refusal).__name__} {getattr(reason, 'name', '')} {refusal.facts.get('name')}"
    return ""


def test_xlsforms_are_accepted_and_refused_as_recorded(capsys: pytest.CaptureFixture[str]) -> None:
    counts: Counter[str] = Counter()
    notes: list[str] = []
    for entry, answer in compiled():
        is_accepted = not answer.refusal
        was_accepted = entry["pyxform"] == "ok"
        counts["sources"] += 1
        counts["as recorded"] += is_accepted == was_accepted
        if is_accepted != was_accepted:
            notes.append(f"{entry['file']}: {answer.refusal or 'accepted'}")
        if "expect_error" in entry:
            counts["tests"] += 1
            is_expected = entry["expect_error"] != is_accepted
            counts["as their tests"] += is_expected
            if not is_expected:
                is_known = entry["expect_error"] == was_accepted
                why = _TEST_IS_MORE if is_known else "no reason known"
                notes.append(f"{entry['file']}: not as its test expects: {why}")
        if is_accepted and was_accepted:
            counts["compiled"] += 1
            trouble = engine_opens(answer.xform)
            counts["open"] += not trouble
            # What the recorded engine refused too is told, and counts as agreeing.
            counts["open as recorded"] += not trouble or entry.get("engine") == "error"
            if trouble:
                notes.append(f"{entry['file']}: refused by our engine: {trouble}")
    with capsys.disabled():
        print(
            f"\nXLSForm sources: {_share(counts, 'as recorded', 'sources')} accepted or refused as"
            f" recorded, {_share(counts, 'as their tests', 'tests')} as their tests expect,"
            f" {_share(counts, 'open', 'compiled')} opened by our engine"
        )
        for note in notes:
            print(f"  {note}")
    assert 100 * counts["as recorded"] >= BAR * counts["sources"]
    assert 100 * counts["as their tests"] >= BAR * counts["tests"]
    assert 100 * counts["open as recorded"] >= BAR * counts["compiled"]


def test_whatever_the_compiler_says_of_them_is_told_in_korean_and_english() -> None:
    unknown = [
        sentence
        for _, answer in compiled()
        for sentence in (answer.refusal, *answer.warnings)
        if sentence and not answer.is_crash
        for told in told_by(sentence)
        if told.key == OTHER or not (told.problem and told.remedy and all(told.english))
    ]

    assert unknown == []


def test_nearly_every_refusal_of_them_names_its_row() -> None:
    refused = [answer for _, answer in compiled() if answer.refusal]
    # A missing sheet and a head have no row; a name is looked up in the sheet.
    named = [
        bool(
            one.row
            or answer.row
            or answer.question
            or {"question", "list", "type"} & one.facts.keys()
        )
        for answer in refused
        for one in told_by(answer.refusal)
    ]

    assert 100 * sum(named) >= 90 * len(named)


def _share(counts: Counter[str], part: str, whole: str) -> str:
    return f"{counts[part]} of {counts[whole]} ({100 * counts[part] / counts[whole]:.1f} %)"
