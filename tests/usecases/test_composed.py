"""What a Mac or a file from one writes with its syllables apart is kept, hashed and found whole."""

from __future__ import annotations

from unicodedata import normalize

from fieldapp.domain.canonical import canonical_json
from fieldapp.domain.entity import patch_lines
from fieldapp.domain.operation import PatchLine
from fieldapp.domain.shapes import encode, to_wire
from fieldapp.storage import drafts, entities, operations, search
from fieldapp.usecases import filling
from fieldapp.usecases.session import append_operation, entity_ref
from tests.laptops import AppLaptop

LIST = "household"
ENTITY = "019a0000-0000-7000-8000-000000000001"
NAME, NOTE = "가상-김순례", "가상-약속을 지킴"


def apart(text: str) -> str:
    return normalize("NFD", text)


def patch_of_a_name() -> tuple[PatchLine, ...]:
    return patch_lines({"label": (None, apart(NAME)), "contact_name": (None, apart(NOTE))})


def test_name_typed_apart_is_stored_hashed_and_found_composed(alone: AppLaptop) -> None:
    session = alone.session
    with session.store.writing() as db:
        made = append_operation(
            session,
            db,
            object=entity_ref(LIST, ENTITY),
            kind="create",
            patch=patch_of_a_name(),
            scope=session.worker.scope,
            reason=apart(NOTE),
        )
        entities.apply_operation(db, made)

    with session.store.reading() as db:
        stored = entities.find(db, LIST, ENTITY)
        (own,) = operations.for_entity(db, LIST, ENTITY)
        for typed in (NAME, apart(NAME), "ㄱㅅㄹ"):
            assert [hit.label for hit in search.find(db, typed)] == [NAME]
    assert (stored.label, stored.props["contact_name"]) == (NAME, NOTE)
    # What is signed and hashed is the canonical JSON of what is kept.
    signed = canonical_json(to_wire(own.operation)).decode()
    assert own.operation == made
    assert NAME in signed
    assert signed == normalize("NFC", signed)
    assert encode(made).decode() == normalize("NFC", encode(made).decode())


def test_answer_and_draft_typed_apart_are_kept_composed(alone: AppLaptop) -> None:
    session = alone.session
    form = filling.open_new(session, "P13e")
    form.filling.answer("good", apart(NOTE))
    snapshot = form.snapshot("good")
    filling.keep_draft(session, snapshot)

    with session.store.reading() as db:
        kept = drafts.find(db, snapshot.record_id)
    assert kept.answers["good"] == NOTE


def test_draft_given_apart_is_kept_composed(alone: AppLaptop) -> None:
    session = alone.session
    snapshot = filling.open_new(session, "P13e").snapshot(None)
    filling.keep_draft(session, snapshot)
    with session.store.writing() as db:
        before = drafts.find(db, snapshot.record_id)
        drafts.keep(
            db,
            drafts.Draft(
                record_id=before.record_id,
                form=before.form,
                is_amendment=False,
                base=None,
                answers={"good": apart(NOTE)},
                updated_at=before.updated_at,
            ),
        )
        assert drafts.find(db, snapshot.record_id).answers == {"good": NOTE}
