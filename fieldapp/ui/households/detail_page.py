"""One household: facts at the left, every record at the right, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.chips import GradeChip
from fieldapp.ui.widgets.facts import FactRows
from fieldapp.ui.widgets.notices import Banner, EmptyPage
from fieldapp.ui.widgets.rows import Item, RowList
from fieldapp.ui.widgets.scrolling import Scroller
from fieldapp.ui.widgets.strips import Strip
from fieldapp.ui.widgets.text import Text, ground, rule

EVERYTHING = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One record of the household as the timeline shows it."""

    item: Item
    kind: str


@dataclass(frozen=True, slots=True)
class Household:
    """A household as its page shows it."""

    name: str
    about: str
    grade: str
    worker: str
    safety: str
    facts: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    #: Where it was sent that still stands here; whether this worker may pass it on.
    away: str = ""
    may_pass_on: bool = False


class DetailPage(QWidget):
    """Enter starts a visit; on a row of the timeline it opens that record."""

    back_requested = Signal()
    visit_requested = Signal()
    phone_requested = Signal()
    absent_requested = Signal()
    consent_requested = Signal()
    send_requested = Signal()
    share_requested = Signal()
    take_back_requested = Signal()
    join_requested = Signal()
    record_requested = Signal(str)
    #: The record whose text is to be copied.
    copy_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        ground(self, "surface")
        self._may_pass_on = False
        self._events: tuple[Event, ...] = ()
        self.back = Button(self.tr("대상"), "text", key=commands.BACK.key_text(), tool=True)
        self.name = Text("", "section", wraps=False)
        self.about = Text("", "label", tone="subtle", wraps=False)
        self.chip = GradeChip()
        self.worker = Text("", "label", tone="subtle", wraps=False)
        self.visit = Button(self.tr("방문 시작"), "primary", key="Enter", tool=True)
        self.call = Button(self.tr("전화"), key=commands.PHONE.key_text(), tool=True)
        self.absent = Button(self.tr("부재"), key=commands.ABSENT.key_text(), tool=True)
        self.consent = Button(self.tr("동의"), key=commands.CONSENT.key_text(), tool=True)
        self.send = Button.of(commands.SEND_AWAY, "text")
        self.share = Button.of(commands.SHARE, "text")
        self.join_button = Button.of(commands.JOIN_HOUSEHOLD, "text")
        self.away = Banner(strip=True)
        self.safety = Banner(strip=True)
        self.facts = FactRows()
        self.kinds = Strip([(EVERYTHING, self.tr("모두"))])
        self.kinds.setAccessibleName(self.tr("기록 고르기"))
        self.timeline = RowList(self.tr("지난 기록"))
        self.copy_button = Button.of(commands.COPY_TEXT, "text")
        self._none = EmptyPage(self.tr("아직 기록이 없습니다."))
        self._lay_out()
        self._connect()

    def show_household(self, shown: Household) -> None:
        """Another household, or the same one read again."""
        self.name.show_text(shown.name)
        self.about.show_text(shown.about)
        self.chip.show_grade(shown.grade)
        self.worker.show_text(self.tr("담당 %s") % shown.worker if shown.worker else "")
        if shown.safety:
            self.safety.show_notice(shown.safety, "warning")
        else:
            self.safety.hide()
        self._show_away(shown)
        self.facts.show_facts(shown.facts)
        self._events = shown.events
        kinds = dict.fromkeys(event.kind for event in shown.events)
        self.kinds.show_choices([(EVERYTHING, self.tr("모두")), *((k, k) for k in kinds)])
        self._show_timeline()

    def take_focus(self) -> None:
        """Enter starts the visit."""
        self.visit.setFocus(Qt.FocusReason.OtherFocusReason)

    def areas(self) -> tuple[QWidget, ...]:
        """F6: the head's buttons, the timeline, its filter."""
        return (self._head, self.timeline, self.kinds)

    def _show_away(self, shown: Household) -> None:
        self._may_pass_on = shown.may_pass_on
        for button in (self.send, self.share, self.join_button):
            button.setVisible(shown.may_pass_on)
            button.setEnabled(not shown.away)
        if shown.away:
            self.away.show_notice(
                shown.away,
                button=self.tr("되돌리기"),
                deed=self.take_back_requested.emit,
            )
        else:
            self.away.hide()

    def _pass_on(self, wanted: SignalInstance) -> None:
        if self._may_pass_on and self.send.isEnabled():
            wanted.emit()

    def _show_timeline(self) -> None:
        kind = self.kinds.key()
        shown = [event.item for event in self._events if kind in (EVERYTHING, event.kind)]
        self.timeline.show_lines(shown)
        self.timeline.setVisible(bool(shown))
        self._none.setVisible(not shown)
        self.copy_button.setVisible(bool(shown))

    def _copy(self) -> None:
        key = self.timeline.chosen_key()
        if key is not None:
            self.copy_requested.emit(key)

    def _lay_out(self) -> None:
        self._head = QWidget()
        self._head.setFixedHeight(t.FOOT_PX)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(t.S8, 0, t.S16, 0)
        head.setSpacing(t.S12)
        for part in (self.back, self.name, self.about, self.chip, self.worker):
            head.addWidget(part)
        head.addStretch(1)
        for button in (self.consent, self.call, self.absent, self.visit):
            head.addWidget(button)
        self._facts = Scroller()
        facts = QVBoxLayout()
        facts.setContentsMargins(t.S8, 0, 0, 0)
        facts.addWidget(self.facts)
        left = QVBoxLayout(self._facts.inside)
        # The words of a button without a frame begin where those of the facts do.
        left.setContentsMargins(t.S8, t.S12, t.S16, t.S12)
        left.setSpacing(0)
        left.addLayout(facts)
        left.addStretch(1)
        for button in (self.share, self.send, self.join_button):
            left.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(t.S8, 0, t.S8, 0)
        tabs.addWidget(self.kinds, 1)
        tabs.addWidget(self.copy_button)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(tabs)
        right.addWidget(rule())
        right.addWidget(self.timeline, 1)
        right.addWidget(self._none, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._facts, 2)
        middle.addWidget(rule("vertical"))
        middle.addLayout(right, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(rule())
        layout.addWidget(self.away)
        layout.addWidget(self.safety)
        layout.addLayout(middle, 1)

    def _connect(self) -> None:
        self.back.clicked.connect(self.back_requested)
        self.visit.clicked.connect(self.visit_requested)
        self.call.clicked.connect(self.phone_requested)
        self.absent.clicked.connect(self.absent_requested)
        self.consent.clicked.connect(self.consent_requested)
        self.kinds.chosen.connect(lambda _: self._show_timeline())
        self.timeline.opened.connect(self.record_requested)
        self.copy_button.clicked.connect(self._copy)
        self.send.clicked.connect(lambda: self._pass_on(self.send_requested))
        self.share.clicked.connect(lambda: self._pass_on(self.share_requested))
        self.join_button.clicked.connect(lambda: self._pass_on(self.join_requested))
        bind = commands.bind
        bind(commands.SEND_AWAY, self, lambda: self._pass_on(self.send_requested))
        bind(commands.JOIN_HOUSEHOLD, self, lambda: self._pass_on(self.join_requested))
        bind(commands.SHARE, self, lambda: self._pass_on(self.share_requested))
        bind(commands.BACK, self, self.back_requested.emit)
        bind(commands.PHONE, self, self.phone_requested.emit)
        bind(commands.ABSENT, self, self.absent_requested.emit)
        bind(commands.CONSENT, self, self.consent_requested.emit)
        bind(commands.COPY_TEXT, self, self._copy)
