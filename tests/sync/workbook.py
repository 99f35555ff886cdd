"""A small programme with everything that a merge and a workflow can do to a record.

Written as an officer would, so that laptops and server ask the rules that packs read.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from openpyxl import Workbook

from fieldapp.domain.operation import FormRef
from fieldapp.packs.conversion import convert
from fieldapp.packs.reading import read_pack

Row: TypeAlias = tuple[str | None, ...]

ROUND = FormRef(id="round", version="2026120101")
ROLES = ("secretariat", "team_lead", "privacy_officer")
#: Fields of which the later value never silently wins.
ASKED = ("score", "again", "remark", "began", "ended")
#: One of the two without the other means nothing.
TIMES = frozenset({"began", "ended"})
#: The steps that lead on from a state; 승인 is locked.
STEPS: Mapping[str, tuple[str, ...]] = {
    "작성": ("완료",),
    "완료": ("보완 요청", "승인"),
    "보완 요청": ("완료",),
    "승인": ("작성",),
}
FIRST, LOCKED = "작성", "승인"

_SHEETS: Mapping[str, tuple[Row, ...]] = {
    "survey": (
        ("type", "name", "label", "calculation", "merge", "merge_group", "save_to"),
        ("select_one_from_file household.csv", "household", "가구"),
        ("integer", "score", "점수"),
        ("integer", "again", "다시 잰 점수"),
        ("calculate", "total", None, "coalesce(${score}, 0) + coalesce(${again}, 0)"),
        ("text", "remark", "메모", None, None, None, "household#last_note"),
        ("text", "log", "경과", None, "append"),
        ("integer", "peak", "가장 큰 값", None, "max"),
        ("text", "began", "시작", None, None, "times"),
        ("text", "ended", "끝", None, None, "times"),
        ("begin_repeat", "areas", "영역"),
        ("text", "found", "본 것", None, None, None, "improvement#content"),
        ("end_repeat",),
    ),
    "entities": (
        ("list_name", "entity_id", "create_if", "update_if", "label"),
        ("improvement", None, "${found} != ''", None, "${found}"),
        ("household", "${household}", None, "${household} != ''", None),
    ),
    "settings": (
        ("form_title", "form_id", "version"),
        ("가상 round", ROUND.id, ROUND.version),
    ),
    "pack": (
        ("key", "value"),
        ("id", ROUND.id),
        ("title", "가상 round"),
        ("kind", "checklist"),
        ("subject", "household"),
        ("follows", "yes"),
    ),
    "workflow": (
        ("object", "from", "to", "label", "roles", "reason", "needs_seen", "effect"),
        ("record", None, "작성", "시작", "secretariat"),
        ("record", "작성", "완료", "마치기", "secretariat"),
        ("record", "완료", "보완 요청", "보완 요청", "team_lead", "yes"),
        ("record", "보완 요청", "완료", "다시 마치기", "secretariat"),
        ("record", "완료", "승인", "승인", "team_lead", None, "yes", "lock"),
        ("record", "승인", "작성", "정정", "team_lead", "yes", None, "unlock"),
        ("improvement", None, "접수", "접수", "secretariat", None, None, "number 접수"),
    ),
}


def total(answers: Mapping[str, str]) -> str:
    """What the form calculates."""
    return str(int(answers.get("score", "0")) + int(answers.get("again", "0")))


def compiled_into(folder: Path) -> None:
    """Lay the compiled pack into a server's folder."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in _SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    saved = io.BytesIO()
    book.save(saved)
    pack = read_pack(saved.getvalue(), "round.xlsx", converter=convert)
    (folder / "round.pack").write_bytes(pack.to_stored())
