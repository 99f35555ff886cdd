"""Reads rounds and improvements, plans, signs, and opens the form of the next step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fieldapp.clock import today
from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Changes, Subject
from fieldapp.errors import FieldAppError
from fieldapp.messages import message_for
from fieldapp.ui import programmes as p
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.monitoring.board import STAGES, stage_of
from fieldapp.ui.monitoring.planning import Plan
from fieldapp.ui.monitoring.signing import Seat
from fieldapp.ui.monitoring.view import IMPROVEMENTS, ROUNDS, MonitoringView
from fieldapp.ui.records.chooser import FormChooser
from fieldapp.ui.screen import FormWanted, ScreenPresenter
from fieldapp.ui.widgets.rows import Item
from fieldapp.ui.widgets.table import Row
from fieldapp.ui.widgets.text import Tone
from fieldapp.ui.words import short_moment
from fieldapp.usecases import monitoring as usecases
from fieldapp.usecases import signing
from fieldapp.usecases.monitoring import ImprovementRow, PlanChoices, RoundRow
from fieldapp.usecases.session import Session
from fieldapp.usecases.signing import SeatState, SigningState

_PLANNERS = {"secretariat", "team_lead"}


class MonitoringPresenter(ScreenPresenter):
    """Between 점검·설문 and the store."""

    def __init__(self, view: MonitoringView, jobs: Jobs, session: Session) -> None:
        super().__init__(view, jobs, session)
        self._view = view
        self._signing: RecordId | None = None
        view.allow_planning(is_allowed=bool(_PLANNERS & session.worker.roles))
        view.signing.allow_pin(is_allowed="monitor" in session.worker.roles)
        view.tab_chosen.connect(lambda _: self.reload())
        view.record_requested.connect(self._open_record)
        view.plan_requested.connect(self._begin_plan)
        view.planning.planned.connect(self._plan)
        view.sign_requested.connect(self._open_signing)
        view.signing.sign_requested.connect(self._sign)
        view.signing.pin_chosen.connect(self._set_pin)
        view.signing.open_requested.connect(lambda: self._open_record(self._signing or ""))
        view.signing.back_requested.connect(self._leave_signing)
        view.improvement_requested.connect(self._take_step)

    def reload(self) -> None:
        """What the tab shows, and the seats when they are open."""
        tab = self._view.tab()
        if tab == ROUNDS:
            self._start(partial(usecases.rounds, self._session), self._show_rounds)
        elif tab == IMPROVEMENTS:
            self._start(partial(usecases.improvements, self._session), self._show_improvements)
        if self._signing is not None:
            self._read_signing(self._signing)

    def _start(
        self,
        work: Callable[[], object],
        on_done: Callable[..., None],
        on_error: Callable[[FieldAppError], None] | None = None,
    ) -> None:
        self._jobs.start(work, owner=self, on_done=on_done, on_error=on_error)

    def _show_rounds(self, rows: tuple[RoundRow, ...]) -> None:
        self._view.show_rounds([_round(row) for row in rows])

    def _show_improvements(self, rows: tuple[ImprovementRow, ...]) -> None:
        items: dict[str, list[Item]] = {stage: [] for stage in STAGES}
        for row in rows:
            items[stage_of(row.state)].append(_improvement(row))
        self._view.show_improvements(items, {row.entity_id: _in_full(row) for row in rows})

    def _open_record(self, record_id: str) -> None:
        self.form_wanted.emit(FormWanted(record_id=record_id))

    def _begin_plan(self) -> None:
        self._start(partial(usecases.plan_choices, self._session), self._offer_plan)

    def _offer_plan(self, choices: PlanChoices) -> None:
        self._view.planning.show_choices(
            choices.programmes,
            choices.sites,
            choices.monitors,
            choices.rounds,
            today(self._session.clock),
        )
        self._view.show_planning()

    def _plan(self, plan: Plan) -> None:
        self._start(
            partial(
                usecases.plan,
                self._session,
                programme=plan.programme,
                site=plan.site,
                round=plan.round,
                round_no=plan.round_no,
                monitors=plan.monitors,
                visit_date=plan.visit_date,
            ),
            self._planned,
            lambda error: self._view.planning.show_refused(message_for(error)),
        )

    def _planned(self, changes: Changes) -> None:
        self._view.show_tabs()
        self.changed.emit(changes)

    def _open_signing(self, record_id: str) -> None:
        self._signing = RecordId(record_id)
        self._view.signing.banner.hide()
        self._read_signing(self._signing)

    def _read_signing(self, record_id: RecordId) -> None:
        self._start(partial(signing.signing, self._session, record_id), self._show_signing)

    def _show_signing(self, state: SigningState) -> None:
        if state.record_id != self._signing:
            return
        seats = [_seat(seat, is_time=state.is_ready) for seat in state.seats]
        problem = (
            ""
            if state.is_ready
            else self.tr("%s 서명은 점검표를 마친 뒤에 합니다.") % state.problem
        )
        if state.is_ready and seats and all(seat.signed for seat in seats):
            problem = self.tr("두 사람이 모두 서명했습니다. 주고받으면 완료가 됩니다.")
        self._view.signing.show_seats(state.title, problem, seats)
        self._view.show_signing()

    def _leave_signing(self) -> None:
        self._signing = None

    def _sign(self, seat: str, pin: str) -> None:
        if self._signing is None:
            return
        self._start(
            partial(signing.sign, self._session, self._signing, seat, pin=pin or None),
            self.changed.emit,
            lambda error: self._view.signing.show_refused(message_for(error)),
        )

    def _set_pin(self, pin: str) -> None:
        self._start(
            partial(signing.set_pin, self._session, pin),
            self._pin_set,
            lambda error: self._view.signing.banner.show_message(message_for(error)),
        )

    def _pin_set(self, changes: Changes) -> None:
        self._view.signing.show_pin_set()
        self.changed.emit(changes)

    def _take_step(self, entity_id: str) -> None:
        self._start(
            partial(usecases.steps_of, self._session, entity_id),
            partial(self._offer_steps, entity_id),
        )

    def _offer_steps(self, entity_id: str, states: tuple[str, ...]) -> None:
        steps = list(dict.fromkeys(p.STEP_TO.get(state, p.ANSWER) for state in states))
        if not steps:
            self._view.banner.show_notice(
                self.tr("지금 이 개선사항에 하실 일이 없습니다."),
                button=self.tr("닫기"),
                deed=self._view.banner.hide,
            )
        elif len(steps) == 1:
            self._open_step(entity_id, steps[0])
        else:
            chooser = FormChooser(
                [(step, p.STEP_WORDS[step]) for step in steps],
                self._view,
                question=self.tr("이 개선사항에 무엇을 하시겠습니까?"),
            )
            chooser.chosen.connect(partial(self._open_step, entity_id))
            chooser.finished.connect(self._view.window().activateWindow)
            chooser.open()

    def _open_step(self, entity_id: str, step: str) -> None:
        self.form_wanted.emit(
            FormWanted(
                p.IMPROVEMENT_FORM,
                subject=Subject(list=p.IMPROVEMENT, id=entity_id),
                preset={p.STEP: step},
            )
        )


_TONES: dict[str, Tone] = {"서명 전": "warning", "완료": "success", "취합": "success"}


def _round(row: RoundRow) -> Row:
    day = row.visit_date
    tone = _TONES.get(row.state)
    return Row(
        key=row.record_id,
        cells=(
            row.programme,
            row.site,
            row.round,
            f"{day.month}. {day.day}." if day else "",
            ", ".join(row.monitors),
            f"{row.done}/{row.total}" if row.total else "",
            f"{len(row.signed)}/{len(row.monitors)}",
            row.state,
        ),
        tones=((7, tone),) if tone else (),
    )


def _improvement(row: ImprovementRow) -> Item:
    late = f"{row.overdue_days}일 지남" if row.overdue_days else ""
    due = f"{row.due.month}. {row.due.day}.까지" if row.due else ""
    urgent = "▲ 바로" if row.urgency == "now" else ""
    is_answer = stage_of(row.state) in ("회신", "반영 확인")
    return Item(
        key=row.entity_id,
        title=row.number,
        note=" ".join(part for part in (urgent, row.state if is_answer else late or due) if part),
        below=row.content,
        tone="warning" if row.overdue_days else "",
    )


def _in_full(row: ImprovementRow) -> str:
    facts = (row.programme, row.site, row.area, row.state, row.dept)
    due = f"{row.due.month}. {row.due.day}.까지" if row.due else ""
    return f"{row.content}\n{' · '.join(fact for fact in (*facts, due) if fact)}"


def _seat(seat: SeatState, *, is_time: bool) -> Seat:
    signed = ""
    if seat.signed_at is not None:
        signed = f"{short_moment(seat.signed_at)} 서명"
        signed += ", 같은 기기" if seat.same_device else ""
    way = "own" if seat.can_sign else "pin" if seat.can_sign_by_pin else ""
    remark = ""
    if not signed and is_time and not way:
        remark = "네 자리 숫자를 아직 정하지 않았습니다. 본인 노트북에서 서명해 주세요."
    elif way == "pin" and is_time:
        remark = "이 노트북에서 서명하려면 본인이 네 자리 숫자를 누릅니다."
    return Seat(seat.seat, seat.title, seat.name, signed, way if is_time else "", remark)
