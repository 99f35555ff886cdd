"""함께 보기: who sees a household beside its own office, in full or as a card (F8).

A share is an operation like any other and goes with the next 주고받기. Who sees it now the server
alone knows, since others of the office share too: it is asked when somebody looks. Without a line
what was decided on this laptop is shown, and said to be no more than that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from fieldapp.domain.access import may_pass_on
from fieldapp.domain.entity import SHARE
from fieldapp.domain.exchange import SeenAs
from fieldapp.domain.operation import Changes, PatchLine
from fieldapp.errors import EntityMissing, ExchangeTrouble, TransitionRefused
from fieldapp.packs import property_words
from fieldapp.storage import entities, meta, passing, places
from fieldapp.storage.database import Database
from fieldapp.storage.entities import StoredEntity
from fieldapp.storage.places import ORG, TOWN, Places
from fieldapp.usecases.caseload import HOUSEHOLDS
from fieldapp.usecases.homes import GUEST, Office, guest_refusal, office_name, offices
from fieldapp.usecases.line import open_line
from fieldapp.usecases.session import Session, append_operation, entity_ref, newest_packs

#: What this is called, in messages and on buttons.
DEED = "함께 보기"
DOING = "함께 볼 곳을 정하는 일"
VIEW_WORDS: Mapping[SeenAs, str] = {"full": "모두 보이기", "card": "카드만 보이기"}
SEEN_WORDS: Mapping[SeenAs, str] = {"full": "모두 봄", "card": "카드만 봄"}


@dataclass(frozen=True, slots=True)
class ShareRow:
    """An office that sees the household. is_sent: the server has been told."""

    scope: str
    name: str
    view: SeenAs
    is_sent: bool


@dataclass(frozen=True, slots=True)
class SharePlan:
    """Who may be let see a household, and who is known to.

    refusal: why nothing can be shared from here; full, card: what is seen, a sentence each.
    is_whole: the server was asked; without it `rows` are those of this laptop alone.
    """

    name: str
    here: str
    refusal: str
    offices: tuple[Office, ...]
    rows: tuple[ShareRow, ...]
    full: str
    card: str
    is_whole: bool


def view_of(word: str) -> SeenAs:
    """A view as it is written; a card for anything else, which shows less."""
    return "full" if word == "full" else "card"


def share_plan(session: Session, entity_id: str) -> SharePlan:
    """What this laptop knows. Raises EntityMissing."""
    with session.store.reading() as db:
        household = entities.find(db, HOUSEHOLDS, entity_id)
        own = passing.own_shares(db, HOUSEHOLDS, household.entity_id)
        unsent = passing.own_shares(db, HOUSEHOLDS, household.entity_id, after_rev=household.rev)
        known = places.known(db)
    return _plan(session, household, known, _seen(own), frozenset(unsent), is_whole=False)


def who_sees(session: Session, entity_id: str) -> SharePlan:
    """The same as the server has it, with what it has not been told yet; for the network lane.

    Raises EntityMissing. Without a line, or where the server does not say: as `share_plan`.
    """
    with session.store.reading() as db:
        household = entities.find(db, HOUSEHOLDS, entity_id)
        replica = meta.identity(db).replica
    try:
        with open_line(session) as connection:
            reply = connection.sights(HOUSEHOLDS, household.entity_id, replica)
    except EntityMissing:
        told = share_plan(session, entity_id)
        is_known = household.rev > 0 and not told.refusal
        return replace(told, refusal=GUEST.format(deed=DOING)) if is_known else told
    except ExchangeTrouble:
        return share_plan(session, entity_id)
    with session.store.reading() as db:
        known = places.known(db)
        unsent = passing.own_shares(db, HOUSEHOLDS, household.entity_id, after_rev=reply.rev)
    standing: dict[str, str | None] = {one.scope: one.view for one in reply.seen_by}
    return _plan(
        session, household, known, _seen({**standing, **unsent}), frozenset(unsent), is_whole=True
    )


def share(
    session: Session, entity_id: str, office: str, view: SeenAs, *, before: SeenAs | None = None
) -> Changes:
    """Let an office see a household from the next 주고받기 on.

    before: how it sees it now, if that is known. Raises EntityMissing, NothingChanged,
    TransitionRefused.
    """
    return _shared(session, entity_id, office, before, view)


def end_share(session: Session, entity_id: str, office: str, view: SeenAs) -> Changes:
    """An office sees a household no more: it leaves its devices with their next 주고받기.

    view: how it sees it now. Raises EntityMissing, TransitionRefused.
    """
    return _shared(session, entity_id, office, view, None)


def share_in(
    session: Session,
    db: Database,
    entity: StoredEntity,
    office: str,
    *,
    before: SeenAs | None,
    view: SeenAs | None,
) -> None:
    """The operation, in the caller's transaction."""
    line = PatchLine(
        path=SHARE,
        old=None if before is None else f"{before} {office}",
        new=None if view is None else f"{view} {office}",
    )
    operation = append_operation(
        session,
        db,
        object=entity_ref(entity.list, entity.entity_id),
        kind="change",
        patch=(line,),
        base=entity.base,
    )
    entities.apply_operation(db, operation)


def _shared(
    session: Session,
    entity_id: str,
    office: str,
    before: SeenAs | None,
    view: SeenAs | None,
) -> Changes:
    with session.store.writing() as db:
        household = entities.find(db, HOUSEHOLDS, entity_id)
        known = places.known(db)
        refusal = _refusal(session, known, household)
        if refusal:
            raise TransitionRefused(label=DEED, reason=refusal)
        share_in(session, db, household, office, before=before, view=view)
    return Changes(entities=frozenset({household.entity_id}), outbox=True)


def _refusal(session: Session, known: Places, household: StoredEntity) -> str:
    if not may_pass_on(session.worker.roles):
        return "함께 볼 곳을 정하는 일은 동 담당자나 팀장이 합니다."
    return guest_refusal(session, known, household, DOING)


def _seen(shares: Mapping[str, str | None]) -> dict[str, SeenAs]:
    return {scope: view_of(view) for scope, view in shares.items() if view is not None}


def _plan(
    session: Session,
    household: StoredEntity,
    known: Places,
    shares: Mapping[str, SeenAs],
    unsent: frozenset[str],
    *,
    is_whole: bool,
) -> SharePlan:
    packs = newest_packs(session)
    words = property_words(packs, HOUSEHOLDS)
    marked = dict.fromkeys(
        words[name].label
        for pack in packs
        for saved in pack.plans.entities
        if saved.name == HOUSEHOLDS
        for name in saved.card
        if name in words
    )
    shown = ", ".join(("이름", *marked))
    return SharePlan(
        name=household.label,
        here=office_name(known, household.scope),
        refusal=_refusal(session, known, household),
        offices=offices(known, TOWN, ORG, without=household.scope),
        rows=tuple(
            ShareRow(scope, office_name(known, scope), view, scope not in unsent)
            for scope, view in shares.items()
        ),
        full="가구 정보를 모두 보고 고칠 수도 있습니다. 기록과 가구원은 보이지 않습니다.",
        card=f"{shown}만 보입니다. 고칠 수 없습니다.",
        is_whole=is_whole,
    )
