"""The pack and settings sheets: what the programme is and who does what in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, get_args

from fieldapp.domain.operation import FormRef
from fieldapp.domain.record import RecordKind
from fieldapp.packs.columns import Table, TableRow
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.reference import LIST_ID

KINDS: Final = get_args(RecordKind)
#: roles-and-flows.md §1.
ROLES: Final = frozenset(
    {
        "dong_welfare", "dong_nurse", "case_manager", "care_network", "reporter", "provider",
        "monitor", "division_member", "secretariat", "team_lead", "gu_hope", "dept_officer",
        "si_officer", "partner_police", "pack_admin", "privacy_officer",
    }
)  # fmt: skip
#: Entity lists that the core knows by name (design D2).
CORE_LISTS: Final = frozenset({"household", "person", "site", "improvement", "monitor", "target"})
SENSITIVITIES: Final = frozenset({"normal", "restricted"})
_KEYS: Final = frozenset(
    {
        "id", "family", "title", "kind", "subject", "sensitivity", "fill", "confirm", "approve",
        "read", "retention", "source", "year", "licence", "legal_basis", "permission_doc",
        "follows", "lists", "contact_date", "contact_method", "contact_confirmed",
    }
)  # fmt: skip
_NEEDED: Final = ("id", "title", "kind")
_ROLE_KEYS: Final = ("fill", "confirm", "approve", "read")
#: A form's id names tables and files.
FORM_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_LONGEST_VERSION: Final = 64


@dataclass(frozen=True, slots=True)
class About:
    """Key → value of the pack sheet, empty ones left out, and the form it stands for."""

    form: FormRef
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The programme's name."""
        return self.values.get("title", self.form.id)

    @property
    def kind(self) -> str:
        """A RecordKind."""
        return self.values.get("kind", "survey")


def names_in(cell: str) -> tuple[str, ...]:
    """Names in a cell, between commas or spaces."""
    return tuple(part for part in re.split(r"[,\s]+", cell) if part)


def read_about(tables: Mapping[str, Table], findings: Findings) -> About:
    """Both sheets, checked against each other."""
    form = _read_settings(tables["settings"], findings)
    sheet = tables["pack"]
    rows = _rows_by_key(sheet, findings)
    if not sheet.rows:
        findings.add(
            "pack",
            0,
            "",
            "pack 시트가 없거나 비어 있습니다.",
            "pack 시트에 id, title, kind를 적으세요.",
        )
    else:
        for key in _NEEDED:
            if key not in rows or not rows[key]["value"]:
                row = rows.get(key)
                findings.add(
                    sheet.title,
                    row.number if row else 0,
                    "value" if row else "key",
                    f"'{key}'가 없습니다.",
                    f"key에 '{key}', value에 그 값을 적으세요.",
                )
    _check_values(rows, form, tables["entities"], findings)
    return About(form, {key: row["value"] for key, row in rows.items() if row["value"]})


def check_roles(
    row: TableRow, meaning: str, findings: Findings, *, known: frozenset[str] = ROLES
) -> tuple[str, ...]:
    """The roles in a cell; unknown ones are told."""
    roles = names_in(row[meaning])
    for role in roles:
        if role not in known:
            findings.add(
                row.sheet,
                row.number,
                row.head(meaning),
                f"'{shown(role)}'이라는 역할이 없습니다.",
                did_you_mean(
                    role, known, "정해진 역할 이름(예: dong_welfare, team_lead)을 적으세요."
                ),
            )
    return roles


def entity_lists(entities: Table) -> frozenset[str]:
    """The entity lists a workbook may name."""
    return CORE_LISTS | {row["list_name"] for row in entities.rows if row["list_name"]}


def reference_lists(pack: Table) -> frozenset[str]:
    """The reference lists (참고 목록) that a workbook looks things up in: its row `lists`."""
    return frozenset(
        name for row in pack.rows if row["key"] == "lists" for name in names_in(row["value"])
    )


def _read_settings(sheet: Table, findings: Findings) -> FormRef:
    row = sheet.first()
    if not sheet.rows:
        findings.add(
            "settings",
            0,
            "",
            "settings 시트가 없거나 비어 있습니다.",
            "settings 시트에 form_title, form_id, version을 적으세요.",
        )
        return FormRef(id="form", version="0")
    for extra in sheet.rows[1:]:
        findings.add(
            extra.sheet,
            extra.number,
            "",
            "settings 시트에는 한 행만 씁니다.",
            "이 행을 지우세요.",
        )
    form_id, version = row["form_id"], row["version"]
    if not FORM_ID.fullmatch(form_id):
        findings.add(
            row.sheet,
            row.number,
            row.head("form_id"),
            f"서식 이름 '{shown(form_id)}'을(를) 쓸 수 없습니다."
            if form_id
            else "칸이 비어 있습니다.",
            "영문자로 시작해 영문자, 숫자, _ - 만으로 64자까지 적으세요.",
        )
    if not version or len(version) > _LONGEST_VERSION:
        findings.add(
            row.sheet,
            row.number,
            row.head("version"),
            "판 번호가 너무 깁니다." if version else "판 번호가 비어 있습니다.",
            "날짜와 두 자리 번호로 적으세요. 예: 2026120101",
        )
    return FormRef(id=form_id or "form", version=version or "0")


def check_language(sheet: Table, languages: tuple[str, ...], findings: Findings) -> None:
    """The default language is one that the columns name."""
    row = sheet.first()
    language = row["default_language"]
    if languages and language and language not in languages:
        findings.add(
            row.sheet,
            row.number,
            row.head("default_language"),
            f"'{shown(language)}'이라는 언어의 열이 없습니다.",
            did_you_mean(language, languages, f"'{languages[0]}'(으)로 고치세요."),
        )


def _rows_by_key(sheet: Table, findings: Findings) -> dict[str, TableRow]:
    rows: dict[str, TableRow] = {}
    for row in sheet.rows:
        key = row["key"]
        if not key:
            problem, remedy = "key가 비어 있습니다.", "무엇에 대한 값인지 적거나 행을 지우세요."
        elif key not in _KEYS:
            problem = f"'{shown(key)}'이라는 항목을 모릅니다."
            remedy = did_you_mean(key, _KEYS, "쓰지 않는 항목이면 행을 지우세요.")
        elif key in rows:
            problem = f"'{key}'가 {rows[key].number}행에 이미 있습니다."
            remedy = "둘 가운데 한 행을 지우세요."
        else:
            rows[key] = row
            continue
        findings.add(row.sheet, row.number, "key", problem, remedy)
    return rows


def _check_values(
    rows: Mapping[str, TableRow], form: FormRef, entities: Table, findings: Findings
) -> None:
    def tell(row: TableRow, problem: str, remedy: str) -> None:
        findings.add(row.sheet, row.number, "value", problem, remedy)

    def value(key: str) -> str:
        return rows[key]["value"] if key in rows else ""

    if value("id") and value("id") != form.id:
        tell(
            rows["id"],
            f"settings 시트의 form_id('{shown(form.id)}')와 다릅니다.",
            "두 시트에 같은 이름을 적으세요.",
        )
    for key, known in (("kind", frozenset(KINDS)), ("sensitivity", SENSITIVITIES)):
        if value(key) and value(key) not in known:
            tell(
                rows[key],
                f"'{shown(value(key))}'은(는) {key}에 쓸 수 없습니다.",
                did_you_mean(value(key), known, f"{', '.join(sorted(known))} 가운데 적으세요."),
            )
    lists = entity_lists(entities)
    if value("subject") and value("subject") not in lists:
        tell(
            rows["subject"],
            f"'{shown(value('subject'))}'이라는 대상 목록이 없습니다.",
            did_you_mean(value("subject"), lists, "household나 person을 적거나 비우세요."),
        )
    if "lists" in rows:
        _check_references(rows["lists"], lists, findings)
    for key in _ROLE_KEYS:
        if key in rows:
            check_roles(rows[key], "value", findings)


def _check_references(row: TableRow, entity_names: frozenset[str], findings: Findings) -> None:
    """The names of reference lists: none of them is a list of entities."""
    for name in names_in(row["value"]):
        if name in entity_names:
            problem = f"'{shown(name)}'은(는) 대상 목록의 이름입니다."
            remedy = "대상 목록은 lists에 적지 않습니다. 이름을 지우세요."
        elif not LIST_ID.fullmatch(name):
            problem = f"'{shown(name)}'은(는) 참고 목록의 이름으로 쓸 수 없습니다."
            remedy = "영문자로 시작해 영문자, 숫자, _만으로 적으세요."
        else:
            continue
        findings.add(row.sheet, row.number, "value", problem, remedy)
