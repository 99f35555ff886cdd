"""The bench of the form engine: its engines are asked alike, and none wins by doing nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.forms import sheets
from bench.forms.cases import Bar, Case, Form
from bench.forms.engines import JAVAROSA, OURS, XFORMS_ENGINE, Engine, start_engines
from bench.forms.running import Measured, Row, rows_of
from bench.forms.table import ratio_line, verdicts


@pytest.fixture(scope="module")
def engines() -> Iterator[list[Engine]]:
    started, missing = start_engines(may_install=False)
    for name, reason in missing.items():
        print(f"SKIPPED: {name}: {reason}")
    yield started
    for engine in started:
        engine.close()


def form(folder: Path, name: str, workbook: bytes, *cases: Case) -> Form:
    file = folder / f"{name}.xml"
    file.write_text(sheets.xform_of(workbook), encoding="utf-8")
    return Form(name, file, cases, loads=1)


def test_every_engine_that_runs_here_comes_to_our_results(
    engines: list[Engine], tmp_path: Path
) -> None:
    answers = tmp_path / "answers.tsv"
    pairs = [f"{path}\t{text}\n" for path, text in sheets.mixed_answers(40)]
    answers.write_text("".join(pairs), encoding="utf-8")
    forms = (
        form(
            tmp_path,
            "mixed",
            sheets.mixed(40),
            Case("fill", ("fill", str(answers))),
            Case("survey", ("survey", "/data/g0/q0"), texts=lambda _: ["1", "9"]),
            Case("write", ("write", "2")),
        ),
        form(
            tmp_path,
            "cascade",
            sheets.cascade(300),
            Case("choose", ("choose", "/data/region", "/data/place"), texts=lambda _: ["r2", "r3"]),
        ),
        form(
            tmp_path,
            "rooms",
            sheets.rooms(),
            Case("grow", ("grow", "/data/r", "3")),
            Case("sum", ("answer", "/data/r[1]/q0", "/data/total"), texts=lambda _: ["4", "5"]),
            Case("write", ("write", "2")),
        ),
        form(
            tmp_path,
            "chain",
            sheets.chain(5),
            Case("answer", ("answer", "/data/first", "/data/c5"), texts=lambda _: ["2"]),
        ),
    )

    rows = [row for one in forms for row in rows_of(one, engines)]

    assert [row.title for row in rows if row.by_engine[OURS].refusal] == []
    assert [row.disagreement(engine.name) for row in rows for engine in engines[1:]] == [""] * (
        len(rows) * (len(engines) - 1)
    )
    assert rows[-1].by_engine[OURS].proofs == ["7"] * 3


def test_an_engine_that_refuses_a_form_gets_no_ratio(engines: list[Engine], tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<h:html", encoding="utf-8")

    [opened, _] = list(rows_of(Form("broken", broken, loads=1), engines))

    assert all(measured.refusal and not measured.ms for measured in opened.by_engine.values())
    assert "×" not in ratio_line(opened)


def test_a_ratio_is_told_only_of_those_that_came_to_the_same() -> None:
    row = Row(
        "a row",
        {
            OURS: Measured([2.0, 3.0], [1.5, 2.5], ["7"]),
            XFORMS_ENGINE: Measured([1.0], proofs=["8"]),
            JAVAROSA: Measured([4.0], proofs=["7"]),
        },
        Bar(1.0, {XFORMS_ENGINE: 1.0, JAVAROSA: 0.6}),
    )

    told = {verdict.title: verdict.is_met for verdict in verdicts(row)}

    assert told == {"a row": False, "a row, beside JavaRosa": True}
    assert "another result" in ratio_line(row)
    assert "1.50 ≤ 1 MISSED" in ratio_line(row)
    assert "0.50× ≤ 0.60× met" in ratio_line(row)
