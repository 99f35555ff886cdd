"""Reads the day, fills the pane of the chosen row, opens the form that the row asks for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from fieldapp.clock import KOREA
from fieldapp.domain.operation import Subject
from fieldapp.ui import programmes as p
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.screen import FormWanted, ScreenPresenter
from fieldapp.ui.today.pane import PaneFacts
from fieldapp.ui.today.view import CHORES, TODAY, WEEK, TodayView
from fieldapp.ui.widgets.rows import Head, Item, Line
from fieldapp.ui.words import day_text
from fieldapp.usecases import households
from fieldapp.usecases import today as usecases
from fieldapp.usecases.households import HouseholdDetail
from fieldapp.usecases.session import Session
from fieldapp.usecases.today import Chore, ChoreKind, Today, TodayGroup, TodayRow

#: The hour from which 하루 마치기 is offered (ux §4).
DAY_END_FROM = 17
#: What is read before the door comes first (ux §4); the rest follows as it is kept.
_FIRST = ("가는 곳", "연락처", "지난번", "약속", "이용 중", "동의")
_KINDS: dict[ChoreKind, str] = {
    "draft": "작성 중",
    "sent_back": "보완 요청",
    "conflict": "서로 다른 내용",
    "planned": "대응 예정",
    "promise": "약속",
}


class TodayPresenter(ScreenPresenter):
    """Between 오늘 and the store."""

    def __init__(self, view: TodayView, jobs: Jobs, session: Session) -> None:
        super().__init__(view, jobs, session)
        self._view = view
        self._rows: dict[str, TodayRow] = {}
        self._chores: dict[str, Chore] = {}
        self._has_offered_end = False
        if "monitor" in session.worker.roles:
            view.show_for_monitor()
        view.rounds_requested.connect(lambda: self.screen_wanted.emit("monitoring"))
        view.tab_chosen.connect(lambda _: self.reload())
        view.row_chosen.connect(self._show_pane)
        view.opened.connect(self._open)
        view.phone_requested.connect(self._phone)
        view.absent_requested.connect(self._absent)
        view.plan_requested.connect(self._toggle_plan)
        view.day_end_requested.connect(lambda: self.screen_wanted.emit("day_end"))

    def reload(self) -> None:
        """The day's head, and the rows of the tab that is shown."""
        start = self._jobs.start
        start(partial(usecases.today, self._session), owner=self, on_done=self._show_today)
        if self._view.tab() == WEEK:
            start(partial(usecases.week, self._session), owner=self, on_done=self._show_week)
        elif self._view.tab() == CHORES:
            start(partial(usecases.chores, self._session), owner=self, on_done=self._show_chores)

    def _show_today(self, day: Today) -> None:
        counts = self.tr("%d집  전화 %d  마침 %d") % (day.visits, day.calls, day.done)
        words = day_text(day.day) if day.is_workday else self.tr("%s 쉬는 날") % day_text(day.day)
        self._view.show_day(words, counts)
        is_evening = self._session.clock.now().astimezone(KOREA).hour >= DAY_END_FROM
        # A trouble that is said there stays; the offer comes with a later look at the day.
        if is_evening and not self._has_offered_end and not self._view.banner.words():
            self._has_offered_end = True
            self._view.offer_day_end()
        if self._view.tab() == TODAY:
            self._show_groups(day.groups)

    def _show_week(self, groups: tuple[TodayGroup, ...]) -> None:
        if self._view.tab() == WEEK:
            self._show_groups(groups)

    def _show_groups(self, groups: Sequence[TodayGroup]) -> None:
        self._rows = {row.entity_id: row for group in groups for row in group.rows}
        lines: list[Line] = []
        for group in groups:
            lines.append(Head(f"{group.title} {len(group.rows)}"))
            lines += [_item(row) for row in group.rows]
        self._view.show_lines(lines)

    def _show_chores(self, chores: tuple[Chore, ...]) -> None:
        if self._view.tab() != CHORES:
            return
        self._chores = {f"{number}": chore for number, chore in enumerate(chores)}
        lines: list[Line] = []
        for kind in dict.fromkeys(chore.kind for chore in chores):
            mine = [(key, chore) for key, chore in self._chores.items() if chore.kind == kind]
            lines.append(Head(f"{_KINDS[kind]} {len(mine)}"))
            lines += [
                Item(
                    key,
                    chore.text,
                    below=chore.due,
                    tone="warning" if chore.is_late else "subtle",
                )
                for key, chore in mine
            ]
        self._view.show_lines(lines)

    def _show_pane(self, key: str) -> None:
        row = self._row(key)
        if row is None or not row.household:
            self._view.pane.show_nothing()
            return
        self._view.pane.show_household(_bare(row))
        self._jobs.start(
            partial(households.household, self._session, row.household),
            owner=self,
            on_done=partial(self._fill_pane, row),
        )

    def _fill_pane(self, row: TodayRow, detail: HouseholdDetail) -> None:
        if self._view.list.chosen_key() == row.entity_id:
            self._view.pane.show_household(_full(row, detail))

    def _open(self, key: str) -> None:
        if self._view.tab() == CHORES:
            self._open_chore(self._chores[key])
            return
        row = self._rows[key]
        if row.list != p.HOUSEHOLD:
            self.form_wanted.emit(FormWanted(record_id=row.entity_id))
        elif row.how == "전화":
            self._phone(key)
        else:
            self._contact(row, {p.METHOD: p.VISIT})

    def _phone(self, key: str) -> None:
        row = self._row(key)
        if row is not None and row.household:
            self._contact(row, {p.METHOD: p.PHONE})

    def _absent(self, key: str) -> None:
        row = self._row(key)
        if row is not None and row.household:
            self._contact(row, {p.METHOD: p.VISIT, p.RESULT: p.ABSENT})

    def _contact(self, row: TodayRow, preset: dict[str, str]) -> None:
        subject = Subject(list=p.HOUSEHOLD, id=row.household)
        self.form_wanted.emit(FormWanted(p.CONTACT_FORM, subject=subject, preset=preset))

    def _open_chore(self, chore: Chore) -> None:
        if chore.record_id is not None:
            self.form_wanted.emit(FormWanted(record_id=chore.record_id))
        elif chore.entity_id is not None:
            self.household_wanted.emit(chore.entity_id)
        else:
            self.screen_wanted.emit("syncing")

    def _toggle_plan(self, key: str) -> None:
        row = self._row(key)
        if row is None or row.list != p.HOUSEHOLD:
            return
        self._jobs.start(
            partial(usecases.toggle_plan, self._session, row.entity_id),
            owner=self,
            on_done=self.changed.emit,
        )

    def _row(self, key: str) -> TodayRow | None:
        return self._rows.get(key) if self._view.tab() != CHORES else None


def _item(row: TodayRow) -> Item:
    return Item(
        key=row.entity_id,
        title=row.name,
        note=" ".join(part for part in (row.age_text, row.area) if part),
        below=row.why,
        right=row.how,
        grade=row.grade if row.household else None,
        tone="warning" if row.overdue_days else "subtle",
        is_marked=row.is_planned,
    )


def _bare(row: TodayRow) -> PaneFacts:
    return PaneFacts(
        name=row.name,
        about=" ".join(part for part in (row.age_text, row.area) if part),
        grade=row.grade,
        phone=row.phone if row.how in ("전화", "대응") else "",
        deed="" if row.list == p.HOUSEHOLD else "대응 열기",
    )


def _full(row: TodayRow, detail: HouseholdDetail) -> PaneFacts:
    bare = _bare(row)
    facts = [(fact.label, fact.value) for fact in detail.facts]
    if detail.promises:
        facts.append(("약속", "\n".join(detail.promises)))
    facts.sort(key=lambda fact: _FIRST.index(fact[0]) if fact[0] in _FIRST else len(_FIRST))
    return PaneFacts(
        name=bare.name,
        about=bare.about,
        grade=bare.grade,
        safety=detail.safety,
        phone=bare.phone,
        facts=tuple(facts),
        deed=bare.deed,
    )
