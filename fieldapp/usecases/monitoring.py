"""점검·설문: rounds of joint checklists, planned and running, and the improvements they led to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fieldapp.clock import today
from fieldapp.domain.entity import NUMBER, STATE
from fieldapp.domain.ids import RecordId, new_record_id
from fieldapp.domain.operation import Changes
from fieldapp.domain.workflow import SERVER, seats_to_sign, standing_signatures, steps_from
from fieldapp.packs import Pack, open_form
from fieldapp.storage import entities, records
from fieldapp.storage.database import Database
from fieldapp.storage.entities import StoredEntity
from fieldapp.storage.records import RecordRow
from fieldapp.usecases.assigning import assign, team_of
from fieldapp.usecases.finishing import create_planned
from fieldapp.usecases.lists import lists_of, standing_label
from fieldapp.usecases.seats import MONITORS, monitor_in
from fieldapp.usecases.session import Session, newest_packs, surroundings
from fieldapp.usecases.words import choice_words

CHECKLIST = "checklist"
REGISTER = "register"
SITES = "site"
IMPROVEMENTS = "improvement"
#: What an official number is called until the server gives one (F9).
NOT_NUMBERED = "접수 전"
_ANSWERED = (
    "반영",
    "일부반영",
    "중장기 검토",
    "이미 시행 중",
    "이송",
    "미반영",
    "반영 확인",
    "공유",
)


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A checklist, planned or running: how far it is and who signed it."""

    record_id: RecordId
    form_title: str
    programme: str
    site: str
    round: str
    state: str
    monitors: tuple[str, ...]
    visit_date: date | None
    done: int
    total: int
    signed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanChoices:
    """What a planned checklist is made of: (value, words); sites with their programme."""

    form_id: str
    programmes: tuple[tuple[str, str], ...]
    sites: tuple[tuple[str, str, str], ...]
    monitors: tuple[tuple[str, str], ...]
    rounds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ImprovementRow:
    """One improvement on the board."""

    entity_id: str
    number: str
    content: str
    site: str
    programme: str
    area: str
    urgency: str
    state: str
    dept: str
    due: date | None
    overdue_days: int


def rounds(session: Session, limit: int = 500) -> tuple[RoundRow, ...]:
    """Every checklist on this device, newest first."""
    rows: list[RoundRow] = []
    with session.store.reading() as db:
        for pack in _packs(session, CHECKLIST):
            words = {name: choice_words(session, pack, name) for name in ("programme", "round")}
            rows += [
                _round(db, pack, row, words)
                for row in records.page(db, limit=limit, form_id=pack.plans.form.id)
            ]
    return tuple(rows)


def plan_choices(session: Session) -> PlanChoices:
    """What can be planned. Raises PackMissing when no checklist is installed."""
    pack = _checklist(session)
    with session.store.reading() as db:
        sites = entities.page(db, SITES, limit=-1)
        monitors = entities.page(db, MONITORS, limit=-1)
    return PlanChoices(
        form_id=pack.plans.form.id,
        programmes=tuple(choice_words(session, pack, "programme").items()),
        sites=tuple(
            (site.entity_id, site.doc.label, site.doc.props.get("programme", "")) for site in sites
        ),
        monitors=tuple((person.entity_id, person.doc.label) for person in monitors),
        rounds=tuple(choice_words(session, pack, "round").items()),
    )


def plan(
    session: Session,
    *,
    programme: str,
    site: str,
    round: str,  # noqa: A002 - the form's own name
    round_no: int,
    monitors: tuple[str, str],
    visit_date: date,
) -> Changes:
    """Make a checklist in 예정 with its two monitors, so that both open the same one (F6), in their
    team's scope, which from then on sees the site.

    Raises UnknownPath, AnswerRefused for what the form does not take, TransitionRefused for
    monitors whom this worker cannot send there.
    """
    pack = _checklist(session)
    record_id = new_record_id(session.clock.now())
    filling = open_form(pack, surroundings(session, record_id), None, lists_of(session, pack))
    given = {
        "programme": programme,
        "site": site,
        "round": round,
        "round_no": str(round_no),
        "visit_date": visit_date.isoformat(),
        **dict(zip(seats_to_sign(pack.plans.workflow), monitors, strict=True)),
    }
    for path, value in given.items():
        filling.answer(path, value)
    with session.store.writing() as db:
        team = team_of(session, db, monitors)
        create_planned(
            session,
            db,
            pack,
            record_id=record_id,
            given={path: text for path, text in filling.answers().items() if path in given},
            scope=team,
        )
        visited = entities.find_or_none(db, SITES, site)
        is_shared = visited is not None and assign(session, db, visited, team)
    return Changes(
        records=frozenset({record_id}),
        entities=frozenset({visited.entity_id}) if visited and is_shared else frozenset(),
        outbox=True,
    )


def improvements(session: Session) -> tuple[ImprovementRow, ...]:
    """Every improvement, urgent ones first, then by number."""
    day = today(session.clock)
    with session.store.reading() as db:
        found = entities.page(db, IMPROVEMENTS, limit=-1)
        sites = {str(site.entity_id): site.doc.label for site in entities.page(db, SITES, limit=-1)}
    words: Mapping[str, str] = {}
    for pack in _packs(session, CHECKLIST):
        words = {**words, **choice_words(session, pack, "programme")}
    rows = [_improvement(one, sites, words, day) for one in found]
    return tuple(sorted(rows, key=lambda row: (row.urgency != "now", _natural(row.number))))


def register_form(session: Session) -> str | None:
    """The form by which an improvement is passed on, answered, confirmed; None without one."""
    return next(
        (
            pack.plans.form.id
            for pack in _packs(session, REGISTER)
            if pack.plans.subject == IMPROVEMENTS
        ),
        None,
    )


def steps_of(session: Session, entity_id: str) -> tuple[str, ...]:
    """The states that this worker may give an improvement now, in the sheet's order."""
    with session.store.reading() as db:
        state = entities.find(db, IMPROVEMENTS, entity_id).doc.props.get(STATE)
    return tuple(
        step.target
        for pack in _packs(session, REGISTER)
        if pack.plans.subject == IMPROVEMENTS
        for step in steps_from(pack.plans.workflow, state, IMPROVEMENTS)
        if step.roles != (SERVER,) and session.worker.roles & set(step.roles)
    )


def _packs(session: Session, kind: str) -> tuple[Pack, ...]:
    return tuple(pack for pack in newest_packs(session) if pack.plans.kind == kind)


def _checklist(session: Session) -> Pack:
    """The joint checklist: the one that two people sign."""
    for pack in _packs(session, CHECKLIST):
        if seats_to_sign(pack.plans.workflow):
            return pack
    return session.catalogue.newest(CHECKLIST)


def _round(
    db: Database, pack: Pack, row: RecordRow, words: Mapping[str, Mapping[str, str]]
) -> RoundRow:
    given = row.doc.answers
    scores = [value for path, value in given.items() if path.endswith("/score")]
    counted = [value for path, value in given.items() if path.endswith("/item_count")]
    people = {seat: monitor_in(db, seat, given) for seat in seats_to_sign(pack.plans.workflow)}
    kind = words["round"].get(given.get("round", ""), "")
    number = given.get("round_no", "")
    return RoundRow(
        record_id=row.record_id,
        form_title=pack.plans.title,
        programme=words["programme"].get(given.get("programme", ""), ""),
        site=standing_label(db, SITES, given.get(SITES)),
        round=f"{kind} {number}차".strip() if number else kind,
        state=row.doc.state,
        monitors=tuple("-" if one is None else one.doc.label for one in people.values()),
        visit_date=_day(given.get("visit_date")),
        done=len(scores),
        total=sum(int(value) for value in counted if value.isdigit()),
        signed=tuple(signature.by for signature in standing_signatures(row.doc.signatures, given)),
    )


def _improvement(
    one: StoredEntity, sites: Mapping[str, str], words: Mapping[str, str], day: date
) -> ImprovementRow:
    props = one.doc.props
    state = props.get(STATE, "")
    due = _day(props.get("reply_due")) if state not in _ANSWERED else _day(props.get("plan_due"))
    is_done = state in ("반영 확인", "공유", "미반영", "이송")
    return ImprovementRow(
        entity_id=one.entity_id,
        number=props.get(NUMBER, NOT_NUMBERED),
        content=props.get("content", one.doc.label),
        site=sites.get(props.get("site", ""), ""),
        programme=words.get(props.get("programme", ""), ""),
        area=props.get("area", ""),
        urgency=props.get("urgency", ""),
        state=state,
        dept=props.get("dept", ""),
        due=None if is_done else due,
        overdue_days=0 if is_done or due is None else max(0, (day - due).days),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _natural(number: str) -> tuple[int, int, str]:
    """`2026-2` before `2026-10`; those without a number last."""
    year, _, rest = number.partition("-")
    if year.isdigit() and rest.isdigit():
        return int(year), int(rest), ""
    return 9999, 0, number
