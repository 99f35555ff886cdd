"""Days, hours and both: typed as digits, moved by the arrows, shown as an office writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp.ui import tokens as t
from fieldapp.ui.compositions import ComposedLine
from fieldapp.ui.questions import typed
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.questions.base import QuestionWidget
from fieldapp.ui.questions.facts import Asked
from fieldapp.ui.widgets.text import Text, restyle
from fieldapp.ui.words import day_text

_DAY_BOX_PX, _HOUR_BOX_PX = 200, 104
_ARROWS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


class _Typed(QuestionWidget):
    """One or two boxes whose text means a day or an hour; half a text is no answer."""

    def __init__(self, aids: Aids) -> None:
        super().__init__()
        self.aids = aids
        self.value = ""
        self._before = ""
        self.boxes: list[ComposedLine] = []
        self.reads = Text("", "label", tone="hint", wraps=False)
        self._is_readonly = False
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(t.S8)

    def add_box(self, width_px: int, placeholder: str) -> ComposedLine:
        """One box more; Enter and arrows are taken before the form sees them."""
        box = ComposedLine()
        box.setFixedWidth(width_px)
        box.setPlaceholderText(placeholder)
        box.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        box.textEdited.connect(lambda _: self.read())
        self.boxes.append(box)
        self._line.addWidget(box)
        return box

    def finish_line(self) -> None:
        """What the text is read as stands behind the boxes."""
        self._line.addWidget(self.reads)
        self._line.addStretch(1)
        self.setFocusProxy(self.boxes[0])
        for box in self.boxes:
            box.installEventFilter(self)

    def show_question(self, question: Asked) -> None:
        """Show the answer; a box being typed in is left alone."""
        is_typing = any(box.hasFocus() and box.isModified() for box in self.boxes)
        is_other = question.value != self.value
        self.value = question.value
        self._is_readonly = question.is_readonly
        for box in self.boxes:
            box.setReadOnly(question.is_readonly)
            box.setAccessibleName(question.label)
        if not is_typing or (is_other and question.value != self.answer()):
            self.show_value()
        self.show_reading()

    def show_wrong(self, is_wrong: bool) -> None:
        """A red border at these boxes only."""
        for box in self.boxes:
            if bool(box.property("wrong")) != is_wrong:
                box.setProperty("wrong", is_wrong)
                restyle(box)

    def focus_box(self) -> QWidget:
        """The first box."""
        return self.boxes[0]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: ↑↓ move what stands there; leaving a box writes it as an office does."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, ComposedLine):
            self._before = self.value
            watched.selectAll()
        if event.type() == QEvent.Type.FocusOut:
            if self.answer() is None and isinstance(watched, ComposedLine):
                # What means nothing changes nothing: the answer from before it was typed stands.
                self._tell(self._before)
            self.show_value()
            self.show_reading()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _ARROWS.get(Qt.Key(event.key()))
            if step is not None and not event.modifiers() and not self._is_readonly:
                self.shift(self.boxes.index(watched), step)  # type: ignore[arg-type]
                return True
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if is_enter and not event.modifiers() and self._goes_to_next(watched):
                return True
        return super().eventFilter(watched, event)

    def read(self) -> None:
        """Something was typed: an answer as soon as it means one, none while it means nothing."""
        self._tell(self.answer() or "")
        self.show_reading()

    def _tell(self, answer: str) -> None:
        if answer != self.value:
            self.value = answer
            self.answered.emit(answer)

    def give(self, answer: str) -> None:
        """An answer made by the arrows: shown and told."""
        self.value = answer
        self.show_value()
        self.show_reading()
        self.answered.emit(answer)

    def answer(self) -> str | None:
        """What the boxes mean; None while they mean nothing yet."""
        raise NotImplementedError

    def show_value(self) -> None:
        """Write the answer into the boxes."""
        raise NotImplementedError

    def show_reading(self) -> None:
        """Say what the typed text is read as."""
        raise NotImplementedError

    def shift(self, box: int, step: int) -> None:
        """↑ or ↓ in a box."""
        raise NotImplementedError

    def now(self) -> datetime:
        """This moment, where the form is."""
        return self.aids.now()

    def _goes_to_next(self, watched: QObject) -> bool:
        at = self.boxes.index(watched) if isinstance(watched, ComposedLine) else 0
        if at + 1 < len(self.boxes):
            self.boxes[at + 1].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return False


def _reading(box: ComposedLine, day: date | None, unread: str) -> str:
    if not box.text().strip():
        return ""
    return day_text(day) if day is not None else unread


class DayAnswer(_Typed):
    """A day: `1130`, `+1`, ↑↓ a day; the weekday stands beside it."""

    def __init__(self, aids: Aids) -> None:
        super().__init__(aids)
        self.box = self.add_box(_DAY_BOX_PX, self.tr("예: 1130"))
        self.finish_line()

    def answer(self) -> str | None:
        """`2026-11-30`."""
        if not self.box.text().strip():
            return ""
        day = typed.day_typed(self.box.text(), self.now().date())
        return None if day is None else day.isoformat()

    def show_value(self) -> None:
        """`2026. 11. 30.(월)`."""
        day = typed.day_of(self.value)
        self.box.setText(day_text(day) if day else self.value)
        self.box.setModified(False)

    def show_reading(self) -> None:
        """While it is typed: the day with its weekday, or how to type it."""
        day = typed.day_typed(self.box.text(), self.now().date())
        is_typing = self.box.hasFocus() and self.box.isModified()
        unread = self.tr("예: 1130, 20261130, +1")
        self.reads.show_text(_reading(self.box, day, unread) if is_typing else "")

    def shift(self, _box: int, step: int) -> None:
        """A day on or back; from nothing to today."""
        day = typed.day_of(self.value)
        today = self.now().date()
        self.give((day + timedelta(days=step) if day else today).isoformat())


class HourAnswer(_Typed):
    """An hour: `1405`, ↑↓ five minutes."""

    def __init__(self, aids: Aids) -> None:
        super().__init__(aids)
        self.box = self.add_box(_HOUR_BOX_PX, self.tr("예: 1405"))
        self.finish_line()

    def answer(self) -> str | None:
        """`14:05:00.000+09:00`."""
        if not self.box.text().strip():
            return ""
        hour = typed.hour_typed(self.box.text())
        return None if hour is None else self._text(hour)

    def show_value(self) -> None:
        """`14:05`."""
        hour = typed.hour_of(self.value)
        self.box.setText(typed.hour_text(hour) if hour else self.value)
        self.box.setModified(False)

    def show_reading(self) -> None:
        """While it is typed: the hour, or how to type it."""
        self.reads.show_text(_hour_reading(self.box, self.tr("예: 1405")))

    def shift(self, _box: int, step: int) -> None:
        """Five minutes on or back; from nothing to now."""
        self.give(self._text(_moved(typed.hour_of(self.value), step, self.now())))

    def _text(self, hour: time) -> str:
        now = self.now()
        return typed.hour_answer(hour, now.date(), now.tzinfo)


class MomentAnswer(_Typed):
    """A day and an hour, a box each; Enter leads from the first to the second."""

    def __init__(self, aids: Aids) -> None:
        super().__init__(aids)
        self.day_box = self.add_box(_DAY_BOX_PX, self.tr("예: 1130"))
        self.hour_box = self.add_box(_HOUR_BOX_PX, self.tr("예: 1405"))
        self.finish_line()

    def answer(self) -> str | None:
        """`2026-11-30T14:05:00.000+09:00`; nothing before both are there."""
        if not self.day_box.text().strip() and not self.hour_box.text().strip():
            return ""
        now = self.now()
        day = typed.day_typed(self.day_box.text(), now.date())
        hour = typed.hour_typed(self.hour_box.text())
        if day is None or hour is None:
            return None
        return typed.instant_answer(day, hour, now.tzinfo)

    def show_value(self) -> None:
        """Day and hour, or what was begun."""
        day, hour = typed.day_of(self.value), typed.hour_of(self.value)
        if day and hour:
            self.day_box.setText(day_text(day))
            self.hour_box.setText(typed.hour_text(hour))
            for box in self.boxes:
                box.setModified(False)
        elif not any(box.isModified() for box in self.boxes):
            for box in self.boxes:
                box.clear()
        elif begun := typed.day_typed(self.day_box.text(), self.now().date()):
            self.day_box.setText(day_text(begun))
            self.day_box.setModified(True)

    def show_reading(self) -> None:
        """While it is typed: what is read, or how to type it."""
        day = typed.day_typed(self.day_box.text(), self.now().date())
        if self.day_box.hasFocus() and self.day_box.isModified():
            self.reads.show_text(_reading(self.day_box, day, self.tr("예: 1130, +1")))
        elif day is not None and not self.hour_box.text().strip():
            self.reads.show_text(self.tr("시각도 적어 주세요."))
        else:
            self.reads.show_text(_hour_reading(self.hour_box, self.tr("예: 1405")))

    def shift(self, box: int, step: int) -> None:
        """A day, or five minutes; from nothing to now."""
        now = self.now()
        day = typed.day_typed(self.day_box.text(), now.date())
        hour = typed.hour_typed(self.hour_box.text())
        if day and hour and box == 0:
            day += timedelta(days=step)
        elif day and hour:
            hour = _moved(hour, step, now)
        self.give(
            typed.instant_answer(
                day or now.date(), hour or now.time().replace(second=0, microsecond=0), now.tzinfo
            )
        )


def _hour_reading(box: ComposedLine, unread: str) -> str:
    is_typing = box.hasFocus() and box.isModified() and bool(box.text().strip())
    hour = typed.hour_typed(box.text())
    return "" if not is_typing else typed.hour_text(hour) if hour else unread


def _moved(hour: time | None, step: int, now: datetime) -> time:
    if hour is None:
        return now.time().replace(second=0, microsecond=0)
    return (datetime.combine(now.date(), hour) + timedelta(minutes=5 * step)).time()
