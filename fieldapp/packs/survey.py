"""The survey and choices sheets: questions with their paths, groups, lists.

Finds what is wrong with types, names, nesting, lists and translations; expressions are checked by
`formulas.py` once every name is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from fieldapp.packs.columns import Table, TableRow
from fieldapp.packs.findings import Findings, did_you_mean, shown
from fieldapp.packs.kinds import Kind, kind_of, remedy_for

_NAME: Final = re.compile(r"[^\W\d][\w.\-]*")
_YES: Final = frozenset({"yes", "true", "true()"})
_NO: Final = frozenset({"", "no", "false", "false()"})
#: The document's own root (pyxform's default) and what stands beside the questions.
_RESERVED: Final = frozenset({"meta"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a list; `label` in the workbook's first language."""

    row: int
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One row that has a node: a question, a note, a calculate, a group.

    repeats: the paths of the repeats around it, outer first.
    """

    row: TableRow
    kind: Kind
    name: str
    path: str
    label: str
    repeats: tuple[str, ...] = ()

    @property
    def is_repeat(self) -> bool:
        """Whether it begins a repeat."""
        return self.kind.role == "begin" and self.kind.name == "repeat"

    @property
    def is_readonly(self) -> bool:
        """Whether nobody types it here: `readonly` says anything but no."""
        return self.row["readonly"].lower() not in _NO


@dataclass(frozen=True, slots=True)
class Survey:
    """What the two sheets say. Questions in the order of the sheet, groups among them.

    names: every name there is.
    """

    questions: tuple[Question, ...]
    lists: Mapping[str, tuple[Choice, ...]]
    columns_of_choices: frozenset[str]
    names: frozenset[str] = field(init=False, repr=False, compare=False)
    _by_name: Mapping[str, tuple[Question, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Every reference of every expression is looked up: a form may have thousands of each.
        found: dict[str, list[Question]] = {}
        for question in self.questions:
            found.setdefault(question.name, []).append(question)
        by_name = {name: tuple(questions) for name, questions in found.items()}
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "names", frozenset(by_name))

    def named(self, name: str) -> tuple[Question, ...]:
        """Every question or group of that name."""
        return self._by_name.get(name, ())

    def question(self, name: str) -> Question | None:
        """The one question of that name that has an answer; None when none or several have it."""
        found = [
            question
            for question in self.named(name)
            if question.kind.role in {"question", "calculate", "metadata"}
        ]
        return found[0] if len(found) == 1 else None

    def repeat(self, name: str) -> Question | None:
        """The one repeat of that name; None when none or several have it."""
        found = [question for question in self.named(name) if question.is_repeat]
        return found[0] if len(found) == 1 else None

    def choices(self, question: Question) -> tuple[Choice, ...]:
        """The choices of a select, in the order of the sheet."""
        return self.lists.get(question.kind.choices, ())


def is_yes(cell: str) -> bool:
    """Whether a cell says yes."""
    return cell.lower() in _YES


def is_yes_or_no(cell: str) -> bool:
    """Whether a cell says yes, no or nothing."""
    return cell.lower() in _YES | _NO


def read_survey(
    survey: Table, choices: Table, settings: Table, findings: Findings, *, language: str
) -> Survey:
    """Both sheets; `language` is the one in which labels are looked up (settings)."""
    lists = _read_lists(choices, settings, findings, language)
    if not survey.rows:
        findings.add(
            "survey", 0, "", "survey 시트가 없거나 비어 있습니다.", "survey 시트에 문항을 적으세요."
        )
    reader = _Reader(survey, lists, findings, language)
    questions = reader.read()
    _check_texts(survey, ("label", "hint", "constraint_message", "required_message"), findings)
    return Survey(
        questions,
        lists,
        frozenset(column.meaning.removeprefix("=") for column in choices.columns),
    )


class _Reader:
    """Goes down the survey sheet once, keeping the groups that are open."""

    def __init__(
        self,
        sheet: Table,
        lists: Mapping[str, tuple[Choice, ...]],
        findings: Findings,
        language: str,
    ) -> None:
        self._sheet = sheet
        self._lists = lists
        self._findings = findings
        self._language = language
        self._open: list[Question] = []
        self._siblings: list[dict[str, int]] = [{}]
        self._found: list[Question] = []

    def read(self) -> tuple[Question, ...]:
        for row in self._sheet.rows:
            if is_yes(row["disabled"]):
                continue
            self._read_row(row)
        for group in reversed(self._open):
            self._tell(
                group.row,
                "type",
                f"'{group.name}' {_word(group.kind)}이(가) 닫히지 않았습니다.",
                f"마지막 문항 아래에 end_{group.kind.name} 행을 넣으세요.",
            )
        return tuple(self._found)

    def _read_row(self, row: TableRow) -> None:
        text = row["type"]
        if not text:
            self._tell(row, "type", "종류가 비어 있습니다.", "문항의 종류를 적거나 행을 지우세요.")
            return
        kind = kind_of(text)
        if kind is None:
            self._tell(row, "type", f"'{shown(text)}'이라는 종류가 없습니다.", remedy_for(text))
            # Its name still counts, or every reference to it would be told too.
            kind = Kind("question", "text")
        if kind.role == "end":
            self._close(row, kind)
            return
        self._check_list(row, kind)
        if kind.role == "question" and row["calculation"] and not row.has("label"):
            # pyxform's typed calculate: `integer` with a calculation and nothing to show.
            kind = replace(kind, role="calculate")
        name = self._name(row, kind)
        question = Question(
            row, kind, name, "/".join((*(group.name for group in self._open), name)),
            _label(row, self._language) or name,
            tuple(group.path for group in self._open if group.kind.name == "repeat"),
        )  # fmt: skip
        self._found.append(question)
        if kind.has_other:
            other = f"{name}_other"
            path = question.path.removesuffix(name) + other
            self._found.append(
                Question(row, Kind("question", "text"), other, path, other, question.repeats)
            )
        if kind.role == "begin":
            self._open.append(question)
            self._siblings.append({})
            return
        self._check_label(row, kind)
        if (
            kind.role == "calculate"
            and kind.name == "calculate"
            and not (row["calculation"] or "(" in row["default"])
        ):
            self._tell(row, "calculation", "계산식이 비어 있습니다.", "계산식을 적으세요.")

    def _close(self, row: TableRow, kind: Kind) -> None:
        if not self._open or self._open[-1].kind.name != kind.name:
            opened = f" 지금 열려 있는 것은 '{self._open[-1].name}'입니다." if self._open else ""
            self._tell(
                row,
                "type",
                f"열리지 않은 {_word(kind)}을(를) 닫습니다.{opened}",
                f"begin_{kind.name} 행을 찾아 짝을 맞추거나 이 행을 지우세요.",
            )
            return
        self._open.pop()
        self._siblings.pop()

    def _name(self, row: TableRow, kind: Kind) -> str:
        name = row["name"]
        if not name:
            if kind.role == "note":
                # pyxform's own name for a note without one.
                return f"generated_note_name_{row.number}"
            if kind.name == "audit":
                return "audit"
            self._tell(row, "name", "이름이 비어 있습니다.", "영문자로 시작하는 이름을 적으세요.")
            return f"_{row.number}"
        if not _NAME.fullmatch(name):
            self._tell(
                row,
                "name",
                f"'{shown(name)}'은(는) 이름으로 쓸 수 없습니다.",
                "글자로 시작해 글자, 숫자, _ - . 만으로 빈칸 없이 적으세요.",
            )
        elif name in _RESERVED:
            self._tell(
                row, "name", f"'{name}'은(는) 쓸 수 없는 이름입니다.", "다른 이름으로 고치세요."
            )
        twin = self._siblings[-1].setdefault(name, row.number)
        if twin != row.number:
            self._tell(
                row,
                "name",
                f"'{shown(name)}'이라는 이름이 {twin}행에 이미 있습니다.",
                "둘 가운데 하나의 이름을 고치세요.",
            )
        return name

    def _check_list(self, row: TableRow, kind: Kind) -> None:
        if not kind.is_select or "${" in kind.choices:
            return
        if not kind.choices:
            self._tell(
                row,
                "type",
                f"'{kind.name}' 뒤에 목록 이름이 없습니다.",
                f"'{kind.name} 목록이름'으로 적고 choices 시트에 그 목록을 만드세요.",
            )
        elif kind.choices not in self._lists:
            self._tell(
                row,
                "type",
                f"'{shown(kind.choices)}' 목록이 choices 시트에 없습니다.",
                did_you_mean(
                    kind.choices,
                    frozenset(self._lists),
                    "choices 시트의 list_name에 그 이름으로 보기를 적으세요.",
                ),
            )
        elif kind.name != "select_one":
            self._check_spaces(kind.choices)

    def _check_spaces(self, list_name: str) -> None:
        """A space would split a choice in two where several may be chosen."""
        for choice in self._lists[list_name]:
            if any(letter.isspace() for letter in choice.name):
                self._findings.add(
                    "choices",
                    choice.row,
                    "name",
                    f"'{shown(choice.name)}' 안에 빈칸이 있습니다.",
                    "여럿을 고르는 목록입니다. 빈칸을 _로 바꾸세요.",
                )

    def _check_label(self, row: TableRow, kind: Kind) -> None:
        if kind.role not in {"question", "note"} or row["calculation"]:
            return
        if not any(row.has(text) for text in ("label", "hint", "image", "audio", "video")):
            columns = row.texts("label")
            self._findings.add(
                row.sheet,
                row.number,
                columns[0][0].head if columns else "label",
                "묻는 말이 비어 있습니다.",
                "화면에 보일 문장을 적으세요.",
            )

    def _tell(self, row: TableRow, meaning: str, problem: str, remedy: str) -> None:
        self._findings.add(row.sheet, row.number, row.head(meaning), problem, remedy)


def _read_lists(
    sheet: Table, settings: Table, findings: Findings, language: str
) -> dict[str, tuple[Choice, ...]]:
    lists: dict[str, dict[str, Choice]] = {}
    may_repeat = is_yes(settings.first()["allow_choice_duplicates"])
    for row in sheet.rows:
        list_name, name = row["list_name"], row["name"]
        label = _label(row, language)
        for meaning, text in (("list_name", list_name), ("name", name)):
            if not text:
                findings.add(
                    row.sheet,
                    row.number,
                    row.head(meaning),
                    "칸이 비어 있습니다.",
                    "목록 이름을 적으세요." if meaning == "list_name" else "보기의 값을 적으세요.",
                )
        if not row.has("label") and not row.has("image"):
            columns = row.texts("label")
            findings.add(
                row.sheet,
                row.number,
                columns[0][0].head if columns else "label",
                "보기의 이름표가 비어 있습니다.",
                "화면에 보일 말을 적으세요.",
            )
        if not list_name or not name:
            continue
        known = lists.setdefault(list_name, {})
        if name in known and not may_repeat:
            findings.add(
                row.sheet,
                row.number,
                row.head("name"),
                f"'{list_name}' 목록의 {known[name].row}행에 같은 값이 이미 있습니다.",
                "둘 가운데 하나의 값을 고치세요.",
            )
        known.setdefault(name, Choice(row.number, name, label or name))
    _check_texts(sheet, ("label",), findings)
    return {name: tuple(choices.values()) for name, choices in lists.items()}


def _label(row: TableRow, language: str) -> str:
    texts = row.texts("label")
    for column, text in texts:
        if text and column.language in {language, ""}:
            return text
    return next((text for _, text in texts if text), "")


def _check_texts(sheet: Table, meanings: tuple[str, ...], findings: Findings) -> None:
    """A text in one language has its twin in every other: pyxform puts `-` where it has none."""
    languages = sheet.languages
    for meaning in meanings:
        columns = [column for column in sheet.columns if column.meaning == meaning]
        if not columns or len(languages) < 2:
            continue
        for language in languages:
            present = {column.language or languages[0] for column in columns}
            if language not in present:
                findings.add(
                    sheet.title,
                    1,
                    columns[0].head,
                    f"'{meaning}'에 '{language}' 열이 없습니다.",
                    f"'{meaning}::{language}' 열을 만들고 번역을 적으세요.",
                )
        for row in sheet.rows:
            texts = row.texts(meaning)
            if not any(text for _, text in texts):
                continue
            for column, text in texts:
                if not text and column.language:
                    findings.add(
                        row.sheet,
                        row.number,
                        column.head,
                        "번역이 비어 있습니다.",
                        f"'{column.language}'(으)로 옮긴 문장을 적으세요.",
                    )


def _word(kind: Kind) -> str:
    return "반복" if kind.name == "repeat" else "묶음"
