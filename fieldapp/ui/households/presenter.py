"""Reads the list once and narrows it while somebody types; reads one household; opens forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from fieldapp.clock import today
from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Subject
from fieldapp.ui import clipboard
from fieldapp.ui import programmes as p
from fieldapp.ui.households.detail_page import Event, Household
from fieldapp.ui.households.list_page import ALL, month_day
from fieldapp.ui.households.passing import Passing
from fieldapp.ui.households.view import HouseholdsView
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.saved_filters.presenter import SavedFilters
from fieldapp.ui.screen import FormWanted, ScreenPresenter
from fieldapp.ui.search.settling import Settling
from fieldapp.ui.widgets.chips import grade_look
from fieldapp.ui.widgets.rows import Item
from fieldapp.ui.widgets.table import Row
from fieldapp.ui.widgets.text import Tone
from fieldapp.ui.words import initials, short_moment
from fieldapp.usecases import day, search
from fieldapp.usecases import households as usecases
from fieldapp.usecases.households import (
    HouseholdDetail,
    HouseholdPage,
    HouseholdRow,
    PersonRow,
    TimelineRow,
)
from fieldapp.usecases.search import Hit
from fieldapp.usecases.session import Session

#: How many rows are laid out at once, and the most that a district has.
PAGE, MOST = 100, 50_000
#: From this many digits on a phone number may be meant.
_PHONE_DIGITS, _MOST_PHONES = 3, 500


class HouseholdsPresenter(ScreenPresenter):
    """Between 대상 and the store."""

    def __init__(self, view: HouseholdsView, jobs: Jobs, session: Session) -> None:
        super().__init__(view, jobs, session)
        self._view = view
        self._asked = 0
        self._asked_new = 0
        #: Every household by urgency and what it is found by; those that fit; how many are shown.
        self._all: tuple[tuple[HouseholdRow, str], ...] = ()
        self._fitting: list[HouseholdRow] = []
        self._shown = 0
        self._open_id: str | None = None
        self._settling = Settling(jobs, session, self)
        page, detail = view.list_page, view.detail
        self._filters = SavedFilters(page, view.banner, jobs, session, "households")
        page.narrowed.connect(lambda *_: self._narrow())
        page.more_wanted.connect(self._show_more)
        page.opened.connect(self.open)
        page.new_requested.connect(lambda: view.show_new(today(session.clock)))
        view.new_page.described.connect(self._look_for_similar)
        view.new_page.form_requested.connect(self._begin_new)
        view.new_page.opened.connect(self.open)
        view.new_page.back_requested.connect(view.show_list)
        page.sync_requested.connect(lambda: self.screen_wanted.emit("syncing"))
        detail.back_requested.connect(self._back)
        detail.visit_requested.connect(lambda: self._contact({p.METHOD: p.VISIT}))
        detail.phone_requested.connect(lambda: self._contact({p.METHOD: p.PHONE}))
        detail.absent_requested.connect(
            lambda: self._contact({p.METHOD: p.VISIT, p.RESULT: p.ABSENT})
        )
        detail.consent_requested.connect(lambda: self._begin(p.CONSENT_FORM, {}))
        detail.record_requested.connect(
            lambda record_id: self.form_wanted.emit(FormWanted(record_id=record_id))
        )
        detail.copy_requested.connect(self._copy)
        self._passing = Passing(view, jobs, session)
        self._passing.changed.connect(self.changed)
        self._passing.left.connect(self._back)
        self._passing.household_wanted.connect(self.open)
        for asked, deed in (
            (detail.send_requested, self._passing.ask_where_to),
            (detail.share_requested, self._passing.ask_who_sees),
            (detail.take_back_requested, self._passing.take_back),
            (detail.join_requested, self._passing.ask_with_whom),
        ):
            asked.connect(partial(self._with_open, deed))

    def reload(self) -> None:
        """The list as it is narrowed, and the household that is open."""
        self._filters.reload()
        self._jobs.start(
            partial(usecases.areas, self._session),
            owner=self,
            on_done=self._view.list_page.show_areas,
        )
        self._jobs.start(
            partial(usecases.households, self._session, limit=MOST),
            owner=self,
            on_done=self._keep_all,
        )
        if self._open_id is not None:
            self._read_household(self._open_id)

    def open(self, entity_id: str) -> None:
        """The page of one household."""
        self._settling.end()
        self._open_id = entity_id
        self._read_household(entity_id)

    def _keep_all(self, page: HouseholdPage) -> None:
        self._all = tuple((row, _looked_for(row)) for row in page.rows)
        self._narrow()

    def _narrow(self) -> None:
        """Names, 초성 and streets are sifted here, behind the key; a phone number in the store."""
        text, _, _ = self._view.list_page.asked()
        self._asked += 1
        self._filters.narrowed()
        if len(text) >= _PHONE_DIGITS and text.replace("-", "").isdigit():
            self._settling.wait()
            self._jobs.start(
                partial(search.find, self._session, text, _MOST_PHONES),
                owner=self,
                on_done=partial(self._show_found, self._asked),
            )
        else:
            self._show_fitting(set())

    def _show_found(self, asked: int, hits: tuple[Hit, ...]) -> None:
        # An answer to letters that were typed on since is late: the next one is under way.
        if asked == self._asked:
            self._show_fitting({hit.entity_id for hit in hits if hit.list == p.HOUSEHOLD})

    def _show_fitting(self, found: set[str]) -> None:
        text, grade, area = self._view.list_page.asked()
        wanted = text.lower()
        self._fitting = [
            row
            for row, looked_for in self._all
            if (wanted in looked_for or row.entity_id in found)
            and grade in (ALL, row.grade)
            and area in ("", row.area)
        ]
        self._shown = PAGE
        self._view.list_page.show_rows(self._rows(self._fitting[:PAGE]), len(self._fitting))

    def _show_more(self) -> None:
        following = self._fitting[self._shown : self._shown + PAGE]
        if following:
            self._shown += PAGE
            self._view.list_page.add_rows(self._rows(following), len(self._fitting))

    def _rows(self, rows: Sequence[HouseholdRow]) -> list[Row]:
        day = today(self._session.clock)
        return [
            Row(
                key=row.entity_id,
                cells=(
                    row.name,
                    row.age_text,
                    row.area,
                    grade_look(row.grade).words,
                    month_day(row.next_due),
                    month_day(row.last_on),
                    row.worker,
                    row.state,
                ),
                tones=_tones(row, is_late=row.next_due is not None and row.next_due < day),
            )
            for row in rows
        ]

    def _read_household(self, entity_id: str) -> None:
        self._jobs.start(
            partial(usecases.household, self._session, entity_id),
            owner=self,
            on_done=partial(self._show_household, entity_id),
        )

    def _show_household(self, entity_id: str, detail: HouseholdDetail) -> None:
        if entity_id == self._open_id:
            if detail.away:
                # The page says it itself.
                self._view.banner.hide()
            self._view.detail.show_household(_household(detail))
            self._view.show_detail()

    def _back(self) -> None:
        self._open_id = None
        self._view.show_list()

    def _with_open(self, deed: Callable[[str], None]) -> None:
        if self._open_id is not None:
            deed(self._open_id)

    def _look_for_similar(self, name: str, birth: str, address: str) -> None:
        self._asked_new += 1
        self._jobs.start(
            partial(usecases.likely_duplicates, self._session, name, birth, address),
            owner=self,
            on_done=partial(self._show_similar, self._asked_new),
        )

    def _show_similar(self, asked: int, rows: tuple[HouseholdRow, ...]) -> None:
        if asked == self._asked_new:
            self._view.new_page.show_similar([_similar(row) for row in rows])

    def _begin_new(self, name: str, birth: str, address: str) -> None:
        told = {p.HOUSEHOLD_NAME: name, p.HOUSEHOLD_BIRTH: birth, p.HOUSEHOLD_ADDRESS: address}
        self._view.show_list()
        self.form_wanted.emit(
            FormWanted(
                p.HOUSEHOLD_FORM, preset={path: words for path, words in told.items() if words}
            )
        )

    def _contact(self, preset: dict[str, str]) -> None:
        self._begin(p.CONTACT_FORM, preset)

    def _begin(self, form_id: str, preset: dict[str, str]) -> None:
        if self._open_id is not None:
            subject = Subject(list=p.HOUSEHOLD, id=self._open_id)
            self.form_wanted.emit(FormWanted(form_id, subject=subject, preset=preset))

    def _copy(self, record_id: str) -> None:
        self._jobs.start(
            partial(usecases.copy_text, self._session, RecordId(record_id)),
            owner=self,
            on_done=partial(self._put_on_clipboard, RecordId(record_id)),
        )

    def _put_on_clipboard(self, record_id: RecordId, text: str) -> None:
        if not text:
            self._view.banner.show_notice(
                self.tr("이 기록에는 행복이음에 옮길 글이 없습니다."),
                button=self.tr("닫기"),
                deed=self._view.banner.hide,
            )
            return
        clipboard.put(text)
        self._view.banner.show_notice(
            self.tr("행복이음에 옮길 글을 복사했습니다. 옮김으로 표시했습니다."),
            "success",
            button=self.tr("닫기"),
            deed=self._view.banner.hide,
        )
        self._jobs.start(
            partial(day.mark_copied, self._session, record_id),
            owner=self,
            on_done=self.changed.emit,
        )


def _looked_for(row: HouseholdRow) -> str:
    """Name, its 초성 and the street, as one text to look in."""
    return f"{row.name.lower()}\n{initials(row.name)}\n{row.address.lower()}"


def _similar(row: HouseholdRow) -> Item:
    note = " ".join(part for part in (row.age_text, row.area) if part)
    return Item(
        row.entity_id, row.name, note=note, below=row.address, right=row.worker, grade=row.grade
    )


def _tones(row: HouseholdRow, *, is_late: bool) -> tuple[tuple[int, Tone], ...]:
    look = grade_look(row.grade)
    tones: list[tuple[int, Tone]] = []
    if look.tone:
        tones.append((3, look.tone))
    if is_late:
        tones.append((4, "warning"))
    return tuple(tones)


def _household(detail: HouseholdDetail) -> Household:
    row = detail.row
    facts = [(fact.label, fact.value) for fact in detail.facts]
    if detail.dues:
        facts.append(("다음", "\n".join(detail.dues)))
    if detail.promises:
        facts.append(("약속", "\n".join(detail.promises)))
    if detail.persons:
        facts.append(("가족", "\n".join(_person(person) for person in detail.persons)))
    if detail.joined:
        facts.append(("합친 가구", "\n".join(detail.joined)))
    if detail.passed_on:
        facts.append(("변경", "\n".join(detail.passed_on)))
    return Household(
        name=row.name,
        about=" ".join(part for part in (row.age_text, row.area) if part),
        grade=row.grade,
        worker=row.worker,
        safety=detail.safety,
        facts=tuple(facts),
        events=tuple(_event(event) for event in detail.timeline),
        away=detail.away,
        may_pass_on=detail.may_pass_on,
    )


def _person(person: PersonRow) -> str:
    return " ".join(word for word in (person.name, person.relation, person.age_text) if word)


def _event(row: TimelineRow) -> Event:
    return Event(
        item=Item(
            key=row.record_id,
            title=short_moment(row.at),
            note=f"{row.title}  {row.who}",
            below=row.summary,
            right=row.state,
        ),
        kind=row.title,
    )
