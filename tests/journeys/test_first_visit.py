"""A family nobody knows yet: registered, asked for consent, visited, all on one laptop offline."""

from __future__ import annotations

from datetime import timedelta

from fieldapp.ui.questions.drawing import DrawingAnswer
from fieldapp.usecases.households import household, households
from fieldapp.usecases.records import status
from tests.journeys.town import Town

SEA = "가상-이세아"


def register(town: Town) -> None:
    """대상, Ctrl+N: who and where, then the form of the household with a child in it."""
    at, hands = town.laptop, town.hands
    at.show("households")
    hands.press("Ctrl+N")
    for words in (SEA, "19750220", "가상로 31"):
        hands.write(words)
        hands.press("Return")
    hands.press("Ctrl+Return")
    at.wait_for_screen("filling")
    assert at.cursor() == "where/tong"
    hands.write("5통")
    at.go_to("where/phone")
    hands.write("010-0000-0104")
    at.go_to("family/hh_size")
    hands.write("2")
    at.go_to("family/traits")
    hands.press("1", "Return")  # 독거노인
    at.go_to("family/safety")
    hands.press("Ctrl+Down", "Ctrl+I")
    hands.write("가상-이솔")
    hands.press("Return")
    hands.write("자녀")
    hands.press("Return")
    at.finish()


def ask_for_consent(town: Town) -> None:
    """기록, Ctrl+N: three kinds of consent, one refused, a signature for all."""
    at, hands = town.laptop, town.hands
    at.open_form("개인정보 동의")
    hands.write("ㅇㅅㅇ")
    hands.press("Return")
    at.go_to("collect_page/c_collect")
    hands.press("1", "1", "2")  # 수집 동의, 민감 동의, 사진 동의하지 않음
    at.go_to("signing/how")
    hands.press("1")
    pad = at.desk().filling.asking.page().rows["signing/sig"].answer
    assert isinstance(pad, DrawingAnswer)
    hands.draw(pad.canvas, (40, 40), (120, 90), (200, 40))
    hands.press("Return")
    at.rest()
    at.go_to("signing/copy_given")
    hands.press("1")
    at.finish()


def visit(town: Town) -> None:
    """대상, the page of the household, Enter: the first visit."""
    at, hands = town.laptop, town.hands
    at.show("households")
    hands.write("ㅇㅅㅇ")
    at.rest()
    hands.press("Return")
    hands.wait_until(at.desk().households.is_detail, "the page of the household")
    at.rest()
    hands.press("Return")
    at.wait_for_screen("filling")
    at.go_back_to("kind")
    hands.press("2")
    at.go_to("result")
    hands.press("1")
    at.answer_rest(
        dict.fromkeys(("m_safety", "m_health", "m_care", "m_social", "m_service"), "1")
        | {"m_link": "1", "inside_seen": "1", "hazard": "0"},
        until="did",
    )
    hands.press("1", "Return")
    at.finish()


def test_family_is_registered_asked_and_visited_before_anything_is_sent(town: Town) -> None:
    town.pass_until_noon()
    at = town.laptop

    for deed in (register, ask_for_consent, visit):
        deed(town)
        town.clock.move(timedelta(minutes=20))

    session = at.session()
    (row,) = households(session).rows
    assert (row.name, row.age_text, row.area) == (SEA, "51세", "5통")
    known = household(session, row.entity_id)
    assert [(person.name, person.relation) for person in known.persons] == [("가상-이솔", "자녀")]
    facts = {fact.label: fact.value for fact in known.facts}
    assert "사진" in facts["동의"]
    (consent,), (contact,) = town.written("P00"), town.written("P01")
    assert consent.doc.answers["consent_collect"] == "agree"
    assert consent.doc.answers["consent_photo"] == "disagree"
    assert consent.doc.answers["signing/sig"].endswith(".png")
    assert contact.doc.answers["kind"] == "first"
    assert contact.doc.answers["photo_consent"] == "disagree"
    subjects = {record.doc.subject.id for record in (consent, contact) if record.doc.subject}
    assert subjects == {row.entity_id}
    assert [event.title for event in known.timeline] == [
        "방문·안부 기록", "개인정보 동의", "가구 등록",
    ]  # fmt: skip
    assert status(session).unsent == 3
