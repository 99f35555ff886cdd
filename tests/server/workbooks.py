"""Small programmes for the server's tests: a checklist that two people sign, and what follows it.

Written as an officer would, so that the rules the server asks are those that packs read.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from openpyxl import Workbook

from fieldapp.domain.operation import FormRef
from fieldapp.packs.conversion import convert
from fieldapp.packs.reading import Pack, read_pack

Row: TypeAlias = tuple[str | None, ...]

VERSION = "2026120101"
CHECK = FormRef(id="check", version=VERSION)
HANDLE = FormRef(id="handle", version=VERSION)
VISIT = FormRef(id="visit", version=VERSION)
CALL = FormRef(id="call", version=VERSION)

_HEADS: dict[str, Row] = {
    "survey": (
        "type", "name", "label", "calculation", "choice_filter", "save_to", "merge", "merge_group",
        "card", "constraint", "constraint_message",
    ),
    "choices": ("list_name", "name", "label"),
    "settings": ("form_title", "form_id", "version"),
    "entities": ("list_name", "entity_id", "create_if", "update_if", "label"),
    "pack": ("key", "value"),
    "workflow": (
        "object", "from", "to", "label", "roles", "guard", "guard_message", "reason", "needs_seen",
        "effect",
    ),
}  # fmt: skip


def check() -> bytes:
    """A planned checklist: two monitors sign, 사무국 collects; it makes improvements."""
    both = "selected(${_signed},'monitor1') and selected(${_signed},'monitor2')"
    return _workbook(
        CHECK,
        "checklist",
        survey=[
            ("csv-external", "monitor", None),
            ("select_one_from_file monitor.csv", "monitor1", "조사원 1"),
            ("select_one_from_file monitor.csv", "monitor2", "조사원 2"),
            ("integer", "score", "점수"),
            ("integer", "again", "다시 잰 점수"),
            ("calculate", "total", None, "${score} + ${again}"),
            ("calculate", "who", None, "instance('monitor')/root/item[name=${monitor1}]/label"),
            ("time", "began", "시작", None, None, None, None, "times"),
            ("time", "ended", "끝", None, None, None, None, "times"),
            ("text", "content", "개선할 점", None, None, "content"),
            ("date", "found", "본 날", None, None, "found", "max", None, "yes"),
        ],
        entities=[("improvement", None, "${content} != ''", None, "${content}")],
        workflow=[
            ("record", None, "예정", "계획", "secretariat"),
            ("record", None, "서명 전", "마치기", "monitor", None, None, None, None, "entities"),
            ("record", "예정", "서명 전", "마치기", "monitor", None, None, None, None, "entities"),
            ("record", "예정", "점검 중", "시작", "monitor"),
            ("record", "점검 중", "점검 중", "저장", "monitor"),
            ("record", "서명 전", "점검 중", "돌려보내기", "secretariat", None, None, "yes"),
            (
                "record",
                "점검 중",
                "서명 전",
                "마치기",
                "monitor",
                None,
                None,
                None,
                None,
                "entities",
            ),
            ("record", "서명 전", "완료", "공동 확인", "server", both, "서명이 모자랍니다"),
            ("record", "완료", "취합", "취합", "secretariat", None, None, None, "yes", "lock"),
            ("record", "취합", "점검 중", "정정", "secretariat", None, None, "yes", None, "unlock"),
            ("improvement", None, "접수", "접수", "monitor", None, None, None, None, "number 접수"),
        ],
    )


def handle() -> bytes:
    """The register of improvements: each of its records is a step of one."""
    return _workbook(
        HANDLE,
        "register",
        survey=[
            ("select_one_from_file improvement.csv", "improvement", "개선사항"),
            ("select_one step", "step", "단계", None, None, "state"),
            ("text", "reason", "사유", None, None, "reason"),
        ],
        choices=[("step", name, name) for name in ("부서 전달", "반영", "확인")],
        entities=[("improvement", "${improvement}", None, "${improvement} != ''", None)],
        workflow=[
            ("record", None, "완료", "마치기", "secretariat, dept_officer", None, None, None, None,
             "entities"),
            ("improvement", None, "접수", "접수", "secretariat", None, None, None, None,
             "number 접수"),
            ("improvement", "접수", "부서 전달", "부서 전달", "secretariat"),
            ("improvement", "부서 전달", "반영", "반영", "dept_officer", "${reason} != ''",
             "사유를 적으세요"),
            ("improvement", "반영", "확인", "확인", "secretariat", None, None, None, "yes"),
        ],
        about=[("subject", "improvement")],
    )  # fmt: skip


def visit() -> bytes:
    """A visit that the server confirms by itself when nothing was found, and that changes its
    household.
    """
    return _workbook(
        VISIT,
        "visit",
        survey=[
            ("select_one_from_file household.csv", "household", "가구"),
            ("calculate", "grade_now", None,
             "instance('household')/root/item[name=${household}]/grade"),
            ("calculate", "words", None, "concat(${grade_now}, ' / ', ${note})"),
            ("select_one found", "found", "살핀 것"),
            ("text", "note", "메모", None, None, "last_note"),
            ("date", "seen_on", "본 날", None, None, "last_contact", "max"),
            ("text", "place", "곳", None, None, "place"),
        ],
        choices=[("found", "good", "양호"), ("found", "act", "조치 필요")],
        entities=[("household", "${household}", None, "${household} != ''", None)],
        workflow=[
            ("record", None, "완료", "마치기", "secretariat", None, None, None, None, "entities"),
            ("record", "완료", "확인", "자동 확인", "server", "${found} = 'good'",
             "살필 것이 있습니다", None, None, "lock"),
            ("record", "완료", "보완 요청", "보완 요청", "team_lead", None, None, "yes"),
            ("record", "보완 요청", "완료", "다시 마치기", "secretariat", None, None, None, None,
             "entities"),
        ],
        about=[("subject", "household")],
    )  # fmt: skip


def call() -> bytes:
    """A telephone call, which may be read where the person moves to; the next comes after it."""
    return _workbook(
        CALL,
        "visit",
        survey=[
            ("text", "memo", "메모"),
            ("date", "called", "건 날"),
            ("date", "again", "다시 걸 날", None, None, None, None, None, None,
             ". >= ${called}", "건 날보다 빠릅니다"),
        ],
        entities=[],
        workflow=[("record", None, "완료", "마치기", "secretariat")],
        about=[("follows", "yes")],
    )  # fmt: skip


def compiled_into(folder: Path) -> None:
    """Lay the compiled packs into a server's folder; pyxform runs in this process."""
    made = {"check": check(), "handle": handle(), "visit": visit(), "call": call()}
    for name, content in made.items():
        pack: Pack = read_pack(content, f"{name}.xlsx", converter=convert)
        (folder / f"{name}.pack").write_bytes(pack.to_stored())


def _workbook(
    form: FormRef,
    kind: str,
    *,
    survey: Sequence[Row],
    entities: Sequence[Row],
    workflow: Sequence[Row],
    choices: Sequence[Row] = (),
    about: Sequence[Row] = (),
) -> bytes:
    sheets: dict[str, Sequence[Row]] = {
        "survey": survey,
        "choices": choices,
        "settings": [(f"가상 {form.id}", form.id, form.version)],
        "entities": entities,
        "pack": [("id", form.id), ("title", f"가상 {form.id}"), ("kind", kind), *about],
        "workflow": workflow,
    }
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in (_HEADS[name], *rows):
            sheet.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()
