"""The workbooks of the bench: XLSForms of given sizes, as an office's Excel would write them.

Every engine is given the XForm that pyxform makes of these. No person in them is real.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import TypeAlias

from xlsxwriter import Workbook

from fieldapp.packs.conversion import convert

Row: TypeAlias = Sequence[str]

GROUP = 20
_SURVEY = (
    "type", "name", "label::한국어 (ko)", "label::English (en)", "relevant", "constraint",
    "constraint_message::한국어 (ko)", "constraint_message::English (en)", "calculation",
    "choice_filter", "default",
)  # fmt: skip
_OFTEN = ("거의 없음", "가끔", "자주", "날마다")


def xform_of(workbook: bytes) -> str:
    """The XForm that pyxform makes of a workbook; raises ValueError when it refuses it."""
    converted = convert(workbook)
    if not converted.xform:
        message = f"pyxform refused a workbook of the bench: {converted.refusal}"
        raise ValueError(message)
    return converted.xform


def mixed(questions: int) -> bytes:
    """Groups of 20, two languages, 40 % relevants, 30 % constraints, 10 % calculates."""
    columns = ("list_name", "name", "label::한국어 (ko)", "label::English (en)")
    words = [("often", f"o{place}", said, said) for place, said in enumerate(_OFTEN)]
    return _workbook(_mixed_rows(questions), [columns, *words])


def mixed_answers(questions: int) -> Iterator[tuple[str, str]]:
    """Path and answer of every number that `mixed` asks: four questions in ten."""
    for number in range(questions):
        if number % 10 in {0, 4, 6, 8}:
            yield f"/data/g{number // GROUP}/q{number}", str(number % 7 + 1)


def fan() -> bytes:
    """Three numbers: one that nothing depends on, one with a dependent, one with a hundred."""
    rows = [_question("integer", name) for name in ("none", "one", "hundred")]
    rows.append(_calculate("of_one", "${one} + 1"))
    rows += [_calculate(f"of_hundred{n}", f"${{hundred}} + {n}") for n in range(100)]
    return _workbook(rows)


def chain(length: int) -> bytes:
    """A number, and so many calculates, each of the one before."""
    rows = [_question("integer", "first"), _calculate("c1", "${first} + 1")]
    rows += [_calculate(f"c{n}", f"${{c{n - 1}}} + 1") for n in range(2, length + 1)]
    return _workbook(rows)


def cascade(choices: int) -> bytes:
    """A hundred regions, and that many places, of which a region's are offered; one language."""
    rows = [
        _question("select_one region", "region"),
        _question("select_one place", "place", choice_filter="region = ${region}"),
    ]
    columns = ("list_name", "name", "label", "region")
    regions = [("region", f"r{n}", f"가상구역 {n}", "") for n in range(100)]
    places = [("place", f"p{n}", f"가상마을 {n}", f"r{n % 100}") for n in range(choices)]
    return _workbook(rows, [columns, *regions, *places])


def rooms() -> bytes:
    """A repeat of eight questions and a calculate, and a sum over all its instances."""
    # A number from the start: what sum() makes of an empty one is no matter of speed.
    first = _question("integer", "q0", default="0")
    inside = [first, _question("text", "q1", relevant="${q0} > 3")]
    inside += [_question("text", f"q{n}") for n in range(2, 8)]
    return _workbook([
        _row(type="begin_repeat", name="r", label="방"),
        *inside,
        _calculate("twice", "${q0} * 2"),
        _row(type="end_repeat"),
        _calculate("total", "sum(${q0})"),
    ])  # fmt: skip


def _mixed_rows(questions: int) -> Iterator[Row]:
    for first in range(0, questions, GROUP):
        yield _row(type="begin_group", name=f"g{first // GROUP}", label=f"묶음 {first // GROUP}")
        for number in range(first, min(first + GROUP, questions)):
            yield _mixed_row(number)
        yield _row(type="end_group")


def _mixed_row(number: int) -> Row:
    """One of ten kinds by the last digit; a relevant looks at the number before it."""
    name, tens = f"q{number}", number - number % 10
    if number % 10 == 9:
        before = f"${{q{number - 1}}}"
        return _calculate(name, f"if({before} > 3, {before} * 2, 0)")
    kind = _KINDS[number % 10]
    cells: dict[str, str] = {}
    if number % 10 in {0, 3, 6}:
        cells["constraint"] = ". >= 0 and . < 1000"
    if number % 10 in _RELEVANTS:
        cells["relevant"] = _RELEVANTS[number % 10].format(
            first=f"${{q{tens}}}", fifth=f"${{q{tens + 4}}}", seventh=f"${{q{tens + 6}}}"
        )
    return _question(kind, name, **cells)


# By the last digit of a question's number.
_KINDS = (
    "integer", "text", "select_one often", "decimal", "integer", "date", "integer",
    "select_multiple often", "integer",
)  # fmt: skip
_RELEVANTS = {
    2: "{first} > 2",
    4: "{first} != 9",
    7: "{seventh} != 9",
    8: "{fifth} < 100 or {first} < 5",
}


def _question(kind: str, name: str, **cells: str) -> Row:
    if "constraint" in cells:
        cells |= {"message": f"{name}: 0부터 999까지의 수를 적으십시오."}
    return _row(type=kind, name=name, label=f"{name}: 몇 번 받으셨습니까?", **cells)


def _calculate(name: str, calculation: str) -> Row:
    return _row(type="calculate", name=name, calculation=calculation)


def _row(**cells: str) -> Row:
    label, message = cells.get("label", ""), cells.get("message", "")
    written = {column.partition("::")[0]: cells.get(column, "") for column in _SURVEY}
    written |= {"label": label, "constraint_message": message}
    return [written[column.partition("::")[0]] for column in _SURVEY]


def _workbook(survey: Iterable[Row], choices: Iterable[Row] = ()) -> bytes:
    kept = BytesIO()
    book = Workbook(kept, {"constant_memory": True})
    sheets: dict[str, Iterable[Row]] = {
        "survey": [_SURVEY, *survey],
        "choices": choices,
        "settings": [
            ("form_id", "form_title", "version", "name", "default_language"),
            ("gasang", "가상 서식", "1", "data", "한국어 (ko)"),
        ],
    }
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    book.close()
    return kept.getvalue()
