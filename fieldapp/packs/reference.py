"""A reference list (참고 목록): places, offices or codes that programmes look things up in.

A CSV as Korean Excel saves it. The first line names the columns; `name` is what an answer keeps,
`label` what a worker reads, the others what forms filter by and calculate with.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize

from fieldapp.domain.plans import PackProblem
from fieldapp.errors import ListFileRefused
from fieldapp.forms.external import rows_from
from fieldapp.messages import message_for
from fieldapp.packs.findings import MOST_TOLD, refusal, shown

#: A list's id, as `select_one_from_file ID.csv` names it.
LIST_ID: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
NAME: Final = "name"
LABEL: Final = "label"
MOST_ROWS: Final = 100_000
_FILE: Final = "목록 파일"


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """Rows in the order of the file, column name to text; each has its own `name`."""

    rows: tuple[Mapping[str, str], ...]


def read_list(content: bytes, file_name: str) -> ReferenceList:
    """Read and check a table. Raises PackRefused, which names line and column."""
    try:
        rows = rows_from(f"jr://file-csv/{file_name}", content).scan()
        found = tuple(
            {_composed(key): _composed(text) for key, text in row.items()} for row in rows
        )
    except ListFileRefused as error:
        told = message_for(error)
        problem = PackProblem(_FILE, 0, "", told.happened, told.next)
        raise refusal(file_name, [problem]) from error
    problems = _problems(found)
    if problems:
        raise refusal(file_name, problems)
    return ReferenceList(found)


def _problems(rows: tuple[Mapping[str, str], ...]) -> list[PackProblem]:
    if not rows:
        return [PackProblem(_FILE, 0, "", "행이 없습니다.", "머리글 아래에 행을 적으세요.")]
    if len(rows) > MOST_ROWS:
        told = f"행이 {MOST_ROWS:,}개보다 많습니다."
        return [PackProblem(_FILE, 0, "", told, "목록을 나누어 적으세요.")]
    lacking = [column for column in (NAME, LABEL) if column not in rows[0]]
    if lacking:
        return [
            PackProblem(_FILE, 1, column, "이런 머리글의 열이 없습니다.", "첫 행에 적으세요.")
            for column in lacking
        ]
    problems: list[PackProblem] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        name = row[NAME]
        if not name or name in seen or any(letter.isspace() for letter in name):
            problem = "비어 있습니다." if not name else f"'{shown(name)}'을(를) 쓸 수 없습니다."
            remedy = "빈칸 없이, 다른 행에 없는 이름을 적으세요."
            problems.append(PackProblem(f"머리글 아래 {number}번째 행", 0, NAME, problem, remedy))
        elif not row[LABEL]:
            problem, remedy = "비어 있습니다.", "화면에 보일 이름을 적으세요."
            problems.append(PackProblem(f"머리글 아래 {number}번째 행", 0, LABEL, problem, remedy))
        seen.add(name)
        if len(problems) >= MOST_TOLD:
            break
    return problems


def _composed(text: str) -> str:
    """As answers are kept: 가 in one piece, whatever wrote the file."""
    return normalize("NFC", text)
