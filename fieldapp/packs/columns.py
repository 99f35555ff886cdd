"""Which sheets and columns a workbook may have, and a sheet read by what its columns mean.

The standard sheets follow the XLSForm reference (xlsform.org/en/ref-table), with the other names
that pyxform takes for a column; pyxform passes a column that it does not know in silence, so what
is not listed here is named to the officer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fieldapp.packs.findings import Findings, did_you_mean
from fieldapp.packs.sheets import Row, Sheet, Workbook


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MEDIA: Final = _words("image big-image audio video")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The columns of one sheet.

    translated: may carry `::language`. aliases: other name → name. groups: `bind::x` and the like,
    which pyxform hands on as they are. open: extra columns have a use of their own (choices).
    """

    columns: frozenset[str]
    translated: frozenset[str] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    needed: tuple[str, ...] = ()
    is_open: bool = False


_TEXTS: Final = _words("label hint guidance_hint constraint_message required_message")

SHEETS: Final[Mapping[str, Vocabulary]] = {
    "survey": Vocabulary(
        columns=_words(
            "type name relevant constraint calculation required readonly appearance "
            "choice_filter repeat_count default trigger parameters save_to autoplay rows "
            "disabled note merge merge_group part card"
        ),
        translated=_TEXTS | _MEDIA,
        aliases={
            "caption": "label",
            "relevance": "relevant",
            "calculate": "calculation",
            "read_only": "readonly",
            "constraining_message": "constraint_message",
            "jr:constraintmsg": "constraint_message",
            "requiredmsg": "required_message",
            "jr:requiredmsg": "required_message",
            "command": "type",
            "tag": "name",
            "value": "name",
            "count": "repeat_count",
            "jr:count": "repeat_count",
        },
        groups=frozenset({"bind", "body", "control", "instance", "media"}),
        needed=("type", "name"),
    ),
    "choices": Vocabulary(
        columns=_words("list_name name geometry"),
        translated=frozenset({"label"}) | _MEDIA,
        aliases={"list name": "list_name", "caption": "label", "value": "name"},
        groups=frozenset({"media"}),
        needed=("list_name", "name"),
        is_open=True,
    ),
    "settings": Vocabulary(
        columns=_words(
            "form_title form_id version default_language instance_name style name "
            "public_key submission_url auto_send auto_delete namespaces "
            "allow_choice_duplicates clean_text_values instance_xmlns client_editable "
            "omit_instanceid entity_version"
        ),
        aliases={
            "set_form_title": "form_title",
            "title": "form_title",
            "set_form_id": "form_id",
            "id_string": "form_id",
        },
        groups=frozenset({"attribute"}),
        needed=("form_id", "version"),
    ),
    "entities": Vocabulary(
        columns=_words("list_name entity_id create_if update_if repeat label"),
        aliases={"dataset": "list_name"},
        needed=("list_name",),
    ),
    "pack": Vocabulary(columns=_words("key value note"), needed=("key", "value")),
    "workflow": Vocabulary(
        columns=_words(
            "object from to label roles guard guard_message reason needs_seen effect note"
        ),
        needed=("object", "from", "to", "label", "roles"),
    ),
    "schedule": Vocabulary(
        columns=_words(
            "label applies_when every unit method minimum confirmed_only holiday_rule note"
        ),
        needed=("label", "every", "unit"),
    ),
    "summary": Vocabulary(
        columns=_words(
            "id source caption where row_head rows across columns measure num den missing period "
            "total_method decimals rounding cap empty chart footnote note"
        ),
        needed=("id", "caption", "rows", "columns", "measure", "period"),
    ),
    "copy": Vocabulary(
        columns=_words("target label expression max_chars note"),
        needed=("target", "label", "expression"),
    ),
}
#: The sheets that pyxform reads.
STANDARD: Final = frozenset({"survey", "choices", "settings", "entities"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column as written and what it means; language "" where none is named."""

    head: str
    meaning: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, read by what its columns mean."""

    sheet: str
    number: int
    _cells: Mapping[str, str]
    _table: Table

    def __getitem__(self, meaning: str) -> str:
        """The cell, "" when empty; of a translated column the one without a language."""
        column = self._table.column(meaning)
        return self._cells.get(column.head, "") if column else ""

    @property
    def table(self) -> Table:
        """The sheet it stands in."""
        return self._table

    def head(self, meaning: str) -> str:
        """How the workbook names the column."""
        column = self._table.column(meaning)
        return column.head if column else meaning

    def texts(self, meaning: str) -> list[tuple[Column, str]]:
        """The cells of a translated column, one a language, empty ones included."""
        return [
            (column, self._cells.get(column.head, ""))
            for column in self._table.columns
            if column.meaning == meaning
        ]

    def has(self, meaning: str) -> bool:
        """Whether any of the column's languages is filled."""
        return any(text for _, text in self.texts(meaning))


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with its columns understood."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    _by_meaning: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every cell is read through it, several times: a look-up, not a search.
        found: dict[str, Column] = {}
        for column in sorted(self.columns, key=lambda column: bool(column.language)):
            found.setdefault(column.meaning, column)
        object.__setattr__(self, "_by_meaning", found)

    def column(self, meaning: str) -> Column | None:
        """The column of that meaning, the one without a language first."""
        return self._by_meaning.get(meaning)

    def first(self) -> TableRow:
        """The first row, or an empty one."""
        return self.rows[0] if self.rows else TableRow(self.title, 2, {}, self)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages its columns name, in their order."""
        return tuple(dict.fromkeys(column.language for column in self.columns if column.language))


def read_tables(workbook: Workbook, findings: Findings) -> dict[str, Table]:
    """Every known sheet as a table; unknown sheets and columns are named."""
    for sheet in workbook.sheets.values():
        if sheet.name not in SHEETS:
            findings.add(
                sheet.title,
                0,
                "",
                f"'{sheet.title}'이라는 시트를 모릅니다.",
                did_you_mean(
                    sheet.name,
                    frozenset(SHEETS),
                    "지우거나, 메모로 남기려면 시트 이름 앞에 _를 붙이세요.",
                ),
            )
    return {name: _table(workbook.sheet(name), SHEETS[name], findings) for name in SHEETS}


def _table(sheet: Sheet, vocabulary: Vocabulary, findings: Findings) -> Table:
    columns: list[Column] = []
    meanings: dict[tuple[str, str], str] = {}
    for head in sheet.head:
        if not head:
            continue
        column = _column(head, vocabulary)
        if column is None:
            if vocabulary.is_open:
                columns.append(Column(head, f"={head}"))
            else:
                _name_unknown(sheet, head, vocabulary, findings)
            continue
        twin = meanings.setdefault((column.meaning, column.language), head)
        if twin != head:
            findings.add(
                sheet.title,
                1,
                head,
                f"'{twin}' 열과 같은 뜻의 열입니다.",
                "둘 가운데 하나를 지우세요.",
            )
            continue
        columns.append(column)
    table = Table(sheet.name, sheet.title, tuple(columns), ())
    for needed in vocabulary.needed:
        if sheet.rows and table.column(needed) is None:
            findings.add(
                sheet.title,
                1,
                needed,
                f"'{needed}' 열이 없습니다.",
                f"첫 행에 '{needed}' 열을 만들고 채우세요.",
            )
    rows = tuple(_row(sheet, row, table) for row in sheet.rows)
    return Table(sheet.name, sheet.title, tuple(columns), rows)


def _row(sheet: Sheet, row: Row, table: Table) -> TableRow:
    return TableRow(sheet.title, row.number, row.cells, table)


def _column(head: str, vocabulary: Vocabulary) -> Column | None:
    first, *rest = (part.strip() for part in head.split("::"))
    if not rest and first.lower() not in vocabulary.aliases and first.count(":") == 1:
        # `label:English`, the old spelling of `label::English`.
        before, after = first.split(":")
        if _meaning(before, vocabulary) in vocabulary.translated:
            first, rest = before.strip(), [after.strip()]
    if first.lower() == "media" and "media" in vocabulary.groups and rest:
        first, *rest = rest
    meaning = _meaning(first, vocabulary)
    if not rest and meaning in vocabulary.columns | vocabulary.translated:
        return Column(head, meaning)
    if len(rest) == 1 and rest[0] and meaning in vocabulary.translated:
        return Column(head, meaning, rest[0])
    if rest and all(rest) and meaning in vocabulary.groups:
        return Column(head, f"{meaning}::{'::'.join(rest)}")
    return None


def _meaning(name: str, vocabulary: Vocabulary) -> str:
    plain = "_".join(name.split()).lower()
    return vocabulary.aliases.get(name.lower(), vocabulary.aliases.get(plain, plain))


def _name_unknown(sheet: Sheet, head: str, vocabulary: Vocabulary, findings: Findings) -> None:
    first, separator, language = head.partition("::")
    known = vocabulary.columns | vocabulary.translated
    remedy = did_you_mean(first, known, "쓰지 않는 열이면 지우세요.")
    if separator and first.strip().lower() in vocabulary.columns:
        remedy = f"'{first.strip()}' 열에는 언어를 붙이지 않습니다. '::{language}'을(를) 지우세요."
    findings.add(sheet.title, 1, head, f"'{head}'이라는 열을 모릅니다.", remedy)
