"""What the makers of the workbooks share: rows, sheets, their look, and a zip without a clock.

A maker says what its programme asks and calls `write`; nothing here knows a programme. None of it
is needed at run time: the workbooks themselves are what the app reads.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias, TypedDict, Unpack

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

KO: Final = "한국어 (ko)"
EN: Final = "English (en)"
VERSION: Final = "2026120101"

#: Korean and English; both or neither.
Text: TypeAlias = tuple[str, str]
#: Cells of a row by head; a head that is not there is an empty cell.
Row: TypeAlias = dict[str, str]
NOTHING: Final[Text] = ("", "")
CHOOSE: Final[Text] = ("골라 주세요", "Please choose")
FILL: Final[Text] = ("이 칸을 적어 주세요", "Please fill this in")
#: Pictures are made smaller before they are kept: a face of paper stays readable.
SMALLER: Final = "max-pixels=1600"

SURVEY_HEAD: Final = (
    "type", "name", f"label::{KO}", f"label::{EN}", f"hint::{KO}", f"hint::{EN}",
    "required", f"required_message::{KO}", f"required_message::{EN}", "relevant", "appearance",
    "constraint", f"constraint_message::{KO}", f"constraint_message::{EN}", "calculation",
    "choice_filter", "repeat_count", "default", "readonly", "trigger", "parameters", "save_to",
    "merge", "merge_group", "part",
)  # fmt: skip
WORKFLOW_HEAD: Final = (
    "object", "from", "to", "label", "roles", "guard", "guard_message", "reason", "needs_seen",
    "effect",
)  # fmt: skip
SUMMARY_HEAD: Final = (
    "id", "caption", "source", "where", "row_head", "rows", "across", "columns", "measure",
    "missing", "period", "total_method", "decimals", "rounding", "empty", "footnote",
)  # fmt: skip
SCHEDULE_HEAD: Final = (
    "label", "applies_when", "every", "unit", "method", "minimum", "confirmed_only",
    "holiday_rule", "note",
)  # fmt: skip
ENTITIES_HEAD: Final = ("list_name", "entity_id", "create_if", "update_if", "label")
COPY_HEAD: Final = ("target", "label", "expression", "max_chars", "note")
SETTINGS_HEAD: Final = ("form_title", "form_id", "version", "default_language", "instance_name")


@dataclass(frozen=True, kw_only=True)
class Book:
    """One workbook. `choices`: list name → choices in printed order; `pack`: key, value, note.

    says_what_is_needed: a required question without a sentence of its own gets a common one.
    """

    form_id: str
    title: str
    instance_name: str
    survey: Sequence[Row]
    choices: Mapping[str, Sequence[Row]]
    pack: Sequence[tuple[str, str, str]]
    workflow: Sequence[Row]
    summary: Sequence[Row] = ()
    schedule: Sequence[Row] = ()
    entities: Sequence[Row] = ()
    copy: Sequence[Row] = ()
    version: str = VERSION
    says_what_is_needed: bool = True


# Rows of the survey sheet


class Cells(TypedDict, total=False):
    """Columns of the survey sheet beside type, name, label; those that people read as texts."""

    hint: Text
    required: bool | str
    required_message: Text
    constraint: str
    constraint_message: Text
    relevant: str
    appearance: str
    calculation: str
    choice_filter: str
    repeat_count: str
    default: str
    readonly: str
    trigger: str
    parameters: str
    save_to: str
    merge: str
    merge_group: str
    part: str


def question(kind: str, name: str = "", label: Text = NOTHING, **cells: Unpack[Cells]) -> Row:
    """One row; `required` is yes, no or an expression."""
    row = {"type": kind, "name": name, **_in_both("label", label)}
    for column, value in cells.items():
        if isinstance(value, tuple):
            row |= _in_both(column, value)
        else:
            row[column] = _yes_or_text(value)
    return row


def _yes_or_text(value: object) -> str:
    return value if isinstance(value, str) else "yes" if value else ""


def _in_both(column: str, text: Text) -> Row:
    return {f"{column}::{KO}": text[0], f"{column}::{EN}": text[1]}


def calculate(
    name: str, calculation: str, *, save_to: str = "", relevant: str = "", trigger: str = ""
) -> Row:
    """A value that the form works out; with a trigger only when that question is answered."""
    return question(
        "calculate", name, calculation=calculation, save_to=save_to, relevant=relevant,
        trigger=trigger,
    )  # fmt: skip


def note(name: str, label: Text, relevant: str = "") -> Row:
    """Words to be read."""
    return question("note", name, label, relevant=relevant)


def group(
    name: str,
    label: Text,
    rows: Iterable[Row],
    *,
    relevant: str = "",
    appearance: str = "",
    part: str = "",
) -> tuple[Row, ...]:
    """Rows between begin_group and end_group."""
    begin = question(
        "begin_group", name, label, relevant=relevant, appearance=appearance, part=part
    )
    return (begin, *rows, question("end_group"))


def repeat(
    name: str, label: Text, rows: Iterable[Row], *, count: str = "", relevant: str = ""
) -> tuple[Row, ...]:
    """Rows between begin_repeat and end_repeat; without `count` a person adds instances."""
    begin = question("begin_repeat", name, label, repeat_count=count, relevant=relevant)
    return (begin, *rows, question("end_repeat"))


def metadata(*kinds: str) -> tuple[Row, ...]:
    """`start`, `end`, `today`, `username`…, each under its own name."""
    return tuple(question(kind, kind) for kind in kinds)


# Rows of the other sheets


def choice(name: str, korean: str, english: str, **columns: str) -> Row:
    """One choice; `columns` are extra ones, for choice filters and look-ups."""
    return {"name": name, f"label::{KO}": korean, f"label::{EN}": english} | columns


def choices(*triples: tuple[str, str, str]) -> tuple[Row, ...]:
    """Choices without extra columns, in printed order."""
    return tuple(choice(*triple) for triple in triples)


def step(
    source: str,
    target: str,
    label: str,
    roles: str,
    *,
    on: str = "record",
    guard: Text = NOTHING,
    reason: bool = False,
    needs_seen: bool = False,
    effect: str = "",
) -> Row:
    """One row of the workflow sheet; `guard` is its condition and the sentence that refuses."""
    return {
        "object": on, "from": source, "to": target, "label": label, "roles": roles,
        "guard": guard[0], "guard_message": guard[1], "reason": "yes" if reason else "no",
        "needs_seen": "yes" if needs_seen else "no", "effect": effect,
    }  # fmt: skip


# Sheets

_WIDTHS: Final = {
    "label": 44, "hint": 34, "required_message": 34, "constraint_message": 34, "type": 22,
    "relevant": 22, "calculation": 60, "rows": 52, "caption": 34, "columns": 34, "footnote": 32,
    "value": 48, "note": 44, "instance_name": 30, "form_title": 26, "default_language": 20,
    "roles": 28, "guard": 20, "guard_message": 32, "measure": 22, "period": 18, "legal_basis": 30,
    "expression": 80, "applies_when": 34, "choice_filter": 28, "where": 34, "entity_id": 22,
    "create_if": 28, "update_if": 28,
}  # fmt: skip
_HEAD_FONT: Final = Font(bold=True, color="FFFFFF")
_HEAD_FILL: Final = PatternFill("solid", fgColor="2F5D62")
_GROUP_FILL: Final = PatternFill("solid", fgColor="E8EFEF")
_WRAPPED: Final = Alignment(vertical="top", wrap_text=True)


def _fill_sheet(sheet: Worksheet, head: Sequence[str], rows: Sequence[Row]) -> None:
    """Head and rows, the head frozen, widths by what stands below it."""
    sheet.append(list(head))
    for row in rows:
        sheet.append([row.get(column) or None for column in head])
    for cell in sheet[1]:
        cell.font, cell.fill = _HEAD_FONT, _HEAD_FILL
        cell.alignment = Alignment(vertical="center")
    for number, column in enumerate(head, start=1):
        width = _WIDTHS.get(column.partition("::")[0], 16)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for cells in sheet.iter_rows(min_row=2):
        is_group = str(cells[0].value or "").startswith(("begin_", "end_"))
        for cell in cells:
            cell.alignment = _WRAPPED
            # Texts, or Excel would take 2026120101 and 0 for numbers and = for a formula.
            cell.number_format = "@"
            if is_group:
                cell.fill = _GROUP_FILL
    sheet.freeze_panes = "C2" if sheet.title == "survey" else "A2"
    sheet.row_dimensions[1].height = 22


def _survey_rows(book: Book) -> tuple[Row, ...]:
    if not book.says_what_is_needed:
        return tuple(book.survey)
    head = f"required_message::{KO}"
    return tuple(
        _in_both("required_message", CHOOSE if row["type"].startswith("select") else FILL) | row
        if row.get("required") and not row.get(head)
        else row
        for row in book.survey
    )


def _used(head: Sequence[str], rows: Sequence[Row]) -> tuple[str, ...]:
    """The heads under which something stands."""
    return tuple(column for column in head if any(row.get(column) for row in rows))


def _choice_rows(book: Book) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    rows = tuple(
        {"list_name": name, **row}
        for name, choices_of in book.choices.items()
        for row in choices_of
    )
    fixed = ("list_name", "name", f"label::{KO}", f"label::{EN}")
    extra = dict.fromkeys(column for row in rows for column in row if column not in fixed)
    return (*fixed, *extra), rows


def workbook_bytes(book: Book) -> bytes:
    """The workbook; the same bytes however often it is made."""
    made = Workbook()
    made.remove(made.worksheets[0])
    settings = {
        "form_title": book.title, "form_id": book.form_id, "version": book.version,
        "default_language": KO, "instance_name": book.instance_name,
    }  # fmt: skip
    pack = tuple(dict(zip(("key", "value", "note"), row, strict=True)) for row in book.pack)
    choice_head, choice_rows = _choice_rows(book)
    survey = _survey_rows(book)
    sheets: tuple[tuple[str, Sequence[str], Sequence[Row]], ...] = (
        ("survey", _used(SURVEY_HEAD, survey), survey),
        ("choices", choice_head, choice_rows),
        ("settings", SETTINGS_HEAD, (settings,)),
        ("entities", _used(ENTITIES_HEAD, book.entities), book.entities),
        ("pack", ("key", "value", "note"), pack),
        ("workflow", WORKFLOW_HEAD, book.workflow),
        ("schedule", SCHEDULE_HEAD, book.schedule),
        ("summary", _used(SUMMARY_HEAD, book.summary), book.summary),
        ("copy", COPY_HEAD, book.copy),
    )
    for title, head, rows in sheets:
        unknown = {column for row in rows for column, text in row.items() if text} - set(head)
        if unknown:
            raise ValueError(f"{title}: {sorted(unknown)}")
        if rows:
            _fill_sheet(made.create_sheet(title), head, rows)
    made.properties.creator = "fieldapp"
    made.properties.created = made.properties.modified = datetime(2026, 12, 1)  # noqa: DTZ001
    written = io.BytesIO()
    made.save(written)
    return _with_fixed_times(written.getvalue())


def _with_fixed_times(content: bytes) -> bytes:
    """The same zip without the moment it was written."""
    fixed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            body = before.read(name)
            if name == "docProps/core.xml":
                body = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-12-01T00:00:00Z", body
                )
            entry = zipfile.ZipInfo(name, (2026, 12, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, body)
    return fixed.getvalue()


def write(book: Book) -> None:
    """The workbook beside this file, under its form's id."""
    target = Path(__file__).with_name(f"{book.form_id}.xlsx")
    target.write_bytes(workbook_bytes(book))
    sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes\n")
