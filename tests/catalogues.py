"""Programmes of one question, and publishing them, for tests of the catalogue."""

from __future__ import annotations

import io
import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from openpyxl import Workbook

from fieldapp.packs import Pack, read_pack
from fieldapp.packs.conversion import convert
from fieldapp.server import accounts, publishing
from fieldapp.server.publishing import FOR_ALL
from tests.servers import Server

Row = tuple[str | None, ...]

NOW = datetime(2026, 12, 1, tzinfo=UTC)
_numbers = itertools.count(1)


def new_name() -> str:
    """A form id that nobody has."""
    return f"memo{next(_numbers)}"


def memo_workbook(form_id: str, version: str = "1", label: str = "메모") -> bytes:
    """A programme of one question."""
    return workbook(form_id, version, [("text", "memo", label)])


def workbook(form_id: str, version: str, survey: Sequence[Row], about: Sequence[Row] = ()) -> bytes:
    """A programme that anybody of the secretariat fills."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets: Mapping[str, Sequence[Row]] = {
        "survey": [("type", "name", "label", "calculation", "choice_filter"), *survey],
        "settings": [("form_title", "form_id", "version"), ("가상 메모", form_id, version)],
        "pack": [
            ("key", "value"),
            ("id", form_id),
            ("title", "가상 메모"),
            ("kind", "visit"),
            *about,
        ],
        "workflow": [
            ("object", "from", "to", "label", "roles"),
            ("record", None, "완료", "마치기", "secretariat"),
        ],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def memo(form_id: str = "", version: str = "1", label: str = "메모") -> Pack:
    """A programme of one question, compiled; of a name of its own unless one is given."""
    form_id = form_id or new_name()
    content = memo_workbook(form_id, version, label)
    return read_pack(content, f"{form_id}.xlsx", converter=convert)


def publish(server: Server, pack: Pack, scope: str = FOR_ALL) -> bool:
    """Offer it; whether that is news."""
    with accounts.owner_connection(server.postgres.owner_url) as owner:
        return publishing.publish_pack(owner, pack, scope=scope, at=NOW)


def publish_list(
    server: Server, name: str, version: str, content: str, scope: str = FOR_ALL
) -> bool:
    """Offer a table; whether that is news."""
    with accounts.owner_connection(server.postgres.owner_url) as owner:
        return publishing.publish_list(
            owner, content.encode(), name=name, version=version, scope=scope, at=NOW
        )
