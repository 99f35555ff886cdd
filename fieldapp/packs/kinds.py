"""The types a row of the survey sheet may have.

XLSForm reference (xlsform.org/en/#question-types) and the spellings pyxform 4.5 takes besides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from fieldapp.domain.plans import ColumnType
from fieldapp.packs.findings import did_you_mean

Role = Literal["question", "note", "calculate", "metadata", "begin", "end", "resource"]

#: Type → kind. Every kind below is a key of itself.
_SPELLINGS: Final[dict[str, str]] = {
    "int": "integer",
    "string": "text",
    "datetime": "dateTime",
    "date time": "dateTime",
    "photo": "image",
    "gps": "geopoint",
    "location": "geopoint",
    "phone number": "phonenumber",
    "imei": "deviceid",
    "device id": "deviceid",
    "start time": "start",
    "end time": "end",
}
_QUESTIONS: Final = frozenset(
    {
        "text", "integer", "decimal", "date", "time", "dateTime", "range", "geopoint", "geotrace",
        "geoshape", "barcode", "image", "audio", "video", "file", "acknowledge", "trigger",
    }
)  # fmt: skip
METADATA: Final = frozenset(
    {
        "start", "end", "today", "deviceid", "username", "phonenumber", "email", "audit",
        "start-geopoint", "background-geopoint", "background-audio",
    }
)  # fmt: skip
_RESOURCES: Final = frozenset({"csv-external", "xml-external"})
_CALCULATED: Final = frozenset({"calculate", "hidden"})
_NAMES: Final[dict[Role, frozenset[str]]] = {
    "question": _QUESTIONS,
    "note": frozenset({"note"}),
    "calculate": _CALCULATED,
    "metadata": METADATA,
    "resource": _RESOURCES,
}

_SELECT = re.compile(
    r"(?P<kind>select[_ ](?:one|multiple)(?:[_ ]from[_ ]file)?|select1|rank)"
    r"(?:\s+(?P<list>\S+))?(?P<other>\s+(?:or_other|or other|or specify other))?",
)
#: `select_one_from_file site.csv` asks the list of entities `site`; no file is attached.
FILE_ENDING: Final = ".csv"
_CONTROL = re.compile(r"(?P<end>begin|end)[_ ](?P<kind>group|repeat)")
_SUGGESTED: Final = frozenset(
    {
        *_QUESTIONS, *METADATA, *_CALCULATED, *_RESOURCES, "note", "select_one", "select_multiple",
        "rank", "begin_group", "end_group", "begin_repeat", "end_repeat",
    }
)  # fmt: skip

_COLUMN_TYPES: Final[dict[str, ColumnType]] = {
    "integer": "integer",
    "decimal": "decimal",
    "range": "decimal",
    "date": "date",
    "today": "date",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a type says: `integer`, or `select_one` of a list, or the begin of a group."""

    role: Role
    name: str
    choices: str = ""
    has_other: bool = False

    @property
    def is_select(self) -> bool:
        """Whether answers are choices of a list in the workbook."""
        return self.name in {"select_one", "select_multiple", "rank"}

    @property
    def list_asked(self) -> str:
        """The list outside the workbook that its choices come from; "" for none."""
        return self.choices.removesuffix(FILE_ENDING) if self.name.endswith("_from_file") else ""

    @property
    def column_type(self) -> ColumnType:
        """How its answers are stored as a column."""
        return _COLUMN_TYPES.get(self.name, "text")

    @property
    def is_ordered(self) -> bool:
        """Whether one answer can be more than another (merge max, min)."""
        return self.name in {
            "integer", "decimal", "range", "date", "time", "dateTime", "start", "end",
        }  # fmt: skip


def kind_of(text: str) -> Kind | None:
    """The kind that a cell of the type column names, or None when there is no such type."""
    plain = " ".join(text.split())
    control = _CONTROL.fullmatch(plain)
    if control:
        return Kind("begin" if control["end"] == "begin" else "end", control["kind"])
    select = _SELECT.fullmatch(plain)
    if select:
        name = select["kind"].replace(" ", "_").replace("select1", "select_one")
        return Kind("question", name, select["list"] or "", bool(select["other"]))
    name = _SPELLINGS.get(plain, plain)
    role = next((role for role, names in _NAMES.items() if name in names), None)
    return Kind(role, name) if role else None


def remedy_for(text: str) -> str:
    """What to write instead of a type that does not exist."""
    words = " ".join(text.split())
    first, _, rest = words.partition(" ")
    if first.lower().startswith("select") and rest:
        base = "select_multiple" if "mult" in words.lower() else "select_one"
        return f"'{base} {rest.split()[-1]}'(으)로 고치세요."
    return did_you_mean(
        words, _SUGGESTED, "text, integer, date, select_one 목록이름 등으로 고치세요."
    )
