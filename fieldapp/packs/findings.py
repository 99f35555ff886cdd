"""The mistakes of a workbook as they are found, and their order when they are told."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final
from unicodedata import normalize

from fieldapp.domain.plans import PackProblem
from fieldapp.errors import PackRefused

#: Where a problem stands that concerns the file and none of its sheets.
FILE: Final = "엑셀 파일"
_FILE_IN_ENGLISH: Final = "workbook"
#: How near to a known name another must be to be mentioned as a slip of the pen, where any may be.
NEAR: Final = 0.8
#: Beyond this many, more lines help nobody; the count still says how many there are.
MOST_TOLD = 200


class Findings:
    """Collects problems; the same one is told once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str, str], PackProblem] = {}
        self._notes: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(
        self,
        sheet: str,
        row: int,
        column: str,
        problem: str,
        remedy: str,
        *,
        english: tuple[str, str] | None = None,
    ) -> None:
        """One mistake; row 0 means the whole sheet, column "" the whole row."""
        self._found.setdefault(
            (sheet, row, column, problem), PackProblem(sheet, row, column, problem, remedy, english)
        )

    def note(self, sheet: str, row: int, column: str, text: str) -> None:
        """Something that an officer should look at and that refuses nothing."""
        self._notes[f"{sheet} {row}행 {column}: {text}"] = None

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes in the order in which they were made."""
        return tuple(self._notes)

    def at(self, sheet: str, row: int) -> bool:
        """Whether this row already has a problem."""
        return any(place[:2] == (sheet, row) for place in self._found)

    def about(self, sheet: str, column: str) -> bool:
        """Whether this column as a whole already has a problem."""
        return any(
            (place[0], place[2]) == (sheet, column) and place[1] < 2 for place in self._found
        )

    def in_sheets(self, sheets: frozenset[str]) -> bool:
        """Whether one of these sheets already has a problem."""
        return any(place[0] in sheets for place in self._found)

    def in_order(self, sheets: Sequence[str] = ()) -> tuple[PackProblem, ...]:
        """By the order of the sheets in the workbook, then by row, then as found."""
        order = {FILE: -1} | {sheet: place for place, sheet in enumerate(sheets)}
        return tuple(
            sorted(
                self._found.values(),
                key=lambda problem: (order.get(problem.sheet, len(order)), problem.row),
            )
        )


def in_english(problem: PackProblem) -> str | None:
    """`survey row 7, type: … → …`, or None for what has no English sentence."""
    if problem.english is None:
        return None
    sheet = _FILE_IN_ENGLISH if problem.sheet == FILE else problem.sheet
    place = f"{sheet} row {problem.row}" if problem.row else sheet
    if problem.column:
        place += f", {problem.column}"
    return f"{place}: {problem.english[0]} → {problem.english[1]}"


def refusal(file_name: str, problems: Sequence[PackProblem]) -> PackRefused:
    """The error that carries them; `first` is the first one's line."""
    return PackRefused(
        file_name=file_name,
        problems=tuple(problems[:MOST_TOLD]),
        count=len(problems),
        first=problems[0].as_text(),
    )


def meant(word: str, known: Sequence[str] | frozenset[str], *, cutoff: float = 0.6) -> str | None:
    """The known name nearest to what was written, or None when none is near."""
    by_letters = {_letters(name): name for name in known}
    near = get_close_matches(_letters(word), sorted(by_letters), n=1, cutoff=cutoff)
    return by_letters[near[0]] if near else None


def _letters(word: str) -> str:
    """Hangul in its letters: 완뇨 and 완료 differ in one of five, not in one of two."""
    return normalize("NFD", word.lower())


def shown(text: str, longest: int = 40) -> str:
    """A cell's text as a sentence quotes it: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}…"


def did_you_mean(word: str, known: Sequence[str] | frozenset[str], otherwise: str) -> str:
    """The remedy for an unknown name: the nearest known one, else what the caller advises."""
    near = meant(word, known)
    return f"'{near}'(으)로 고치세요." if near else otherwise
