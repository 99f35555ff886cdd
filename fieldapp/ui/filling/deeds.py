"""What the function keys of a form do: 근거, 사진, 지난번 답, 자주 쓰는 말, one more, one less."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu

from fieldapp.forms import Act
from fieldapp.ui import commands
from fieldapp.ui.compositions import finish_open_composition
from fieldapp.ui.filling.asking import Asking
from fieldapp.ui.filling.finding import Finder
from fieldapp.ui.filling.sections import CardHead, FormBody, Section, adder_path
from fieldapp.ui.questions.adding import ADDER
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.questions.photo import PhotoAnswer
from fieldapp.ui.questions.wording import last_words
from fieldapp.ui.widgets.notices import Toast

#: Questions of a section that take what F2 wants to say, where nothing hangs under the question.
_NOTES = {"memo", "note", "remark", "opinion", "notes", "remarks"}


class Deeds(QObject):
    """Acts on the question where the worker stands."""

    #: What could not be done, in words.
    said = Signal(str)

    def __init__(self, asking: Asking, toast: Toast) -> None:
        super().__init__(asking)
        self._asking = asking
        self._toast = toast
        self._phrases: tuple[str, ...] = ()
        asking.add_wanted.connect(self._add)
        asking.remove_wanted.connect(self.remove)
        asking.same_wanted.connect(self.same_section)

    def use_phrases(self, phrases: tuple[str, ...]) -> None:
        """자주 쓰는 말 of this worker and form."""
        self._phrases = phrases

    def note(self) -> None:
        """F2: to the words that explain this question."""
        finish_open_composition()
        question = self._here()
        if question is None:
            return
        about = question.place.under or question.path
        hanging = [q for q in self._under(about) if q.control == "input"]
        target = hanging[0].path if hanging else self._note_of_section()
        if target is None:
            self.said.emit(self.tr("이 문항에는 메모 칸이 없습니다."))
            return
        if hanging:
            self._open_under(about)
        self._asking.stand_at(target)

    def photo(self) -> None:
        """F3: to the picture of this question, and to the choice of a file where none is."""
        finish_open_composition()
        question = self._here()
        if question is None:
            return
        about = question.place.under or question.path
        found = [q for q in self._under(about) if q.control == "upload"]
        if found:
            self._open_under(about)
        else:
            found = [q for q in self._section().questions if q.control == "upload"]
            found = [q for q in found if q.is_relevant and not q.place.under]
        photo = question if question.control == "upload" else found[0] if found else None
        row = self._asking.page().rows.get(photo.path) if photo is not None else None
        answer = row.answer if row is not None else None
        if isinstance(answer, PhotoAnswer):
            answer.take()
        elif photo is not None:
            self._asking.stand_at(photo.path)
        else:
            self.said.emit(self.tr("이 문항에는 사진 칸이 없습니다."))

    def same(self) -> None:
        """F4: the answer of last time, and on."""
        finish_open_composition()
        question = self._here()
        if question is None or not last_words(question):
            self.said.emit(self.tr("지난번 답이 없습니다."))
        elif self._asking.answer(question.path, question.place.last):
            self._asking.go(1)

    def same_section(self) -> None:
        """Shift+F4: what is still open in this section as it was last time. Written words never."""
        finish_open_composition()
        given: list[str] = []
        acts: list[Act] = []
        while open_ones := [q for q in self._section().asked if _can_repeat(q, given)]:
            for question in open_ones:
                given.append(question.path)
                acts += self._acts_of(
                    partial(self._asking.answer, question.path, question.place.last)
                )
        if not given:
            self.said.emit(self.tr("이 구역에는 지난번 답이 없습니다."))
            return
        self._toast.show_done(
            self.tr("지난번과 같음 %s칸") % len(given),
            undo=commands.UNDO.title(),
            key=commands.UNDO.key_text(),
            deed=lambda: self._take_back(acts, given[0]),
        )
        section = self._section()
        rest = [q.path for q in section.asked if q.is_required and not q.value]
        if rest:
            self._asking.stand_at(rest[0])
        elif section.stops:
            self._asking.go(1, origin=section.stops[-1])

    def phrase(self) -> None:
        """F5: choose from 자주 쓰는 말; it is written where the cursor stands."""
        finish_open_composition()
        row = self._asking.page().rows.get(self._asking.walk.path or "")
        if row is None or not self._phrases:
            self.said.emit(self.tr("자주 쓰는 말이 없습니다."))
            return
        menu = QMenu(row)
        for number, phrase in enumerate(self._phrases, 1):
            digit = f"&{number}  " if number < 10 else "    "
            action = menu.addAction(digit + phrase.replace("&", "&&"))
            action.triggered.connect(lambda _=False, words=phrase: self._insert(words))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(row.mapToGlobal(QPoint(0, row.height())))
        menu.setActiveAction(menu.actions()[0])

    def find(self) -> None:
        """Ctrl+G: to a question by a part of its words."""
        finish_open_composition()
        finder = Finder(self._asking.walk.sections, self._asking.window())
        finder.chosen.connect(self._asking.stand_at)
        finder.finished.connect(self._asking.window().activateWindow)
        finder.finished.connect(self._asking.take_focus)
        finder.open()

    def add(self) -> None:
        """Ctrl+I: one more here, or a 개선사항 about what stands here."""
        finish_open_composition()
        here = self._asking.walk.path or ""
        path = _adder_here(self._section(), here)
        if path is not None:
            self._add(path)
            return
        area = self._section().label
        path = _adder_about(self._asking.walk.sections, self._asking.body(), area)
        if path is None:
            self.said.emit(self.tr("이 서식에는 추가하는 칸이 없습니다."))
            return
        new = self._add(path, area)
        self._asking.way_back = (new, here)

    def remove(self, path: str = "") -> None:
        """Ctrl+Delete: take the card away that the worker stands in; can be undone."""
        finish_open_composition()
        filling = self._asking.filling
        card = _card(self._section(), path or f"{self._asking.walk.path}")
        if card is None or filling is None:
            self.said.emit(self.tr("여기에는 뺄 것이 없습니다."))
            return
        path = card.path
        repeat = path.rpartition("[")[0]
        acts = self._acts_of(partial(filling.remove_repeat, path))
        self._asking.wrong = {
            name: words
            for name, words in self._asking.wrong.items()
            if not name.startswith(f"{path}/")
        }
        self._asking.read_again()
        self._asking.stand_at(f"{repeat}[+]")
        self._asking.changed.emit()
        self._toast.show_done(
            self.tr("%s 뺌") % card.label,
            undo=commands.UNDO.title(),
            key=commands.UNDO.key_text(),
            deed=lambda: self._take_back(acts, path),
        )

    def section(self, step: int) -> None:
        """Ctrl+↓ and Ctrl+↑: the next page, and the one before."""
        finish_open_composition()
        number = self._asking.walk.other_section(step)
        if number is not None:
            self._asking.open_section(number)

    def _here(self) -> Asked | None:
        return self._asking.walk.question(self._asking.walk.path)

    def _section(self) -> Section:
        walk = self._asking.walk
        return walk.sections[walk.section]

    def _note_of_section(self) -> str | None:
        stops = set(self._section().stops)
        texts = [
            q for q in self._section().questions if q.path in stops and q.data_type == "string"
        ]
        named = [q for q in texts if q.path.rpartition("/")[2] in _NOTES]
        several = [q for q in texts if q.has_appearance("multiline")]
        return next((q.path for q in [*named, *several]), None)

    def _under(self, path: str) -> list[Asked]:
        return [q for q in self._asking.body().under(path) if q.is_relevant]

    def _open_under(self, path: str) -> None:
        self._asking.body().open_under(path)
        self._asking.show_body()

    def _acts_of(self, deed: Callable[[], object]) -> list[Act]:
        """Do something to the form; the act that it was, none where nothing changed."""
        filling = self._asking.filling
        assert filling is not None  # noqa: S101 - there is a question to act on
        before = filling.acts.last
        deed()
        after = filling.acts.last
        return [] if after is None or after is before else [after]

    def _take_back(self, acts: Sequence[Act], path: str) -> None:
        """Undo acts and stand at the question where they began, or in the card that is back."""
        filling = self._asking.filling
        assert filling is not None  # noqa: S101 - the form that they were done to
        for act in reversed(acts):
            changes = filling.undo(act)
            for name in changes.values:
                self._asking.wrong.pop(name, None)
            self._asking.body().read(changes)
        self._asking.show_body()
        self._asking.changed.emit()
        inside = [question.path for question in _within(self._asking.walk.sections, path)]
        self._asking.stand_at(inside[0] if inside else path)

    def _insert(self, words: str) -> None:
        row = self._asking.page().rows.get(self._asking.walk.path or "")
        if row is None or not row.answer.insert_phrase(words):
            self.said.emit(self.tr("글을 적는 칸에서 쓰실 수 있습니다."))
        self._asking.take_focus()

    def _add(self, path: str, area: str = "") -> str:
        body = self._asking.body()
        new = body.add(path)
        self._asking.show_body()
        for question in _within(self._asking.walk.sections, new):
            if area and question.control == "select1":
                about = [c.value for c in question.choices if area in (c.label, c.value)]
                if about:
                    self._asking.answer(question.path, about[0])
                    break
        stops = [p for s in self._asking.walk.sections for p in s.stops]
        inside = [stop for stop in stops if stop.startswith(f"{new}/")]
        self._asking.stand_at(inside[0] if inside else f"{path}[+]")
        self._asking.changed.emit()
        return new


def _can_repeat(question: Asked, given: list[str]) -> bool:
    return not question.value and question.path not in given and bool(last_words(question))


def _card(section: Section, path: str) -> CardHead | None:
    """The innermost card that a path stands in."""
    cards = [item for item in section.items if isinstance(item, CardHead)]
    around = [card for card in cards if path == card.path or path.startswith(f"{card.path}/")]
    return max(around, key=lambda card: len(card.path), default=None)


def _adder_here(section: Section, path: str) -> str | None:
    """The repeat that one more is added to where the worker stands: the innermost."""
    found = [adder_path(q.path) or "" for q in section.questions if q.control == ADDER]
    around = [
        adder
        for adder in found
        if "/" not in adder or path.startswith(f"{adder.rpartition('/')[0]}/")
    ]
    return max(around, key=len, default=found[-1] if found else None)


def _adder_about(sections: tuple[Section, ...], body: FormBody, area: str) -> str | None:
    """The repeat that something found here is written in: the one that asks for its area."""
    adders = [
        adder_path(q.path) or ""
        for section in sections
        for q in section.questions
        if q.control == ADDER and q.is_relevant
    ]
    asking = [path for path in adders if body.asks_about(path, area)]
    named = [path for path in adders if "improvement" in path]
    return next(iter([*asking, *named, *adders[-1:]]), None)


def _within(sections: tuple[Section, ...], path: str) -> list[Asked]:
    return [q for s in sections for q in s.questions if q.path.startswith(f"{path}/")]
