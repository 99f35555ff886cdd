"""확인: what needs a second look is sent back with a word, mended, and confirmed by another."""

from __future__ import annotations

from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.domain.ids import RecordId
from fieldapp.storage import records
from fieldapp.storage.records import StoredRecord
from fieldapp.ui.widgets.rows import Item
from tests.journeys.conftest import Enrolled
from tests.journeys.town import LAST_VISIT
from tests.servers import Server
from tests.ui.neighbourhood import household_named, move_in, write

WORD = "가상-어느 병원인지 적어 주세요"
REASON = "가상-한 칸만 더"


def the_visit(laptop: WorkerAtLaptop) -> StoredRecord:
    """The one visit, as this laptop holds it."""
    with laptop.session().store.reading() as db:
        (row,) = records.of_form(db, "P01", limit=10)
        return records.find(db, RecordId(row.record_id))


def exchanged(*laptops: WorkerAtLaptop) -> None:
    """Each exchanges, in this order."""
    for laptop in laptops:
        laptop.exchange()


def choose(lead: WorkerAtLaptop, record_id: str) -> None:
    """확인: Down to a record of the queue."""
    lead.show("review")
    queue = lead.desk().review.queue
    for _ in range(len(queue.keys())):
        if queue.chosen_key() == record_id:
            break
        lead.hands.press("Down")
    lead.rest()
    assert queue.chosen_key() == record_id


def send_back(lead: WorkerAtLaptop) -> None:
    """확인: the record, F2 at one question, F8 with a reason."""
    choose(lead, the_visit(lead).record_id)
    paths = [line.path for line in lead.desk().review.answers.lines()]
    lead.hands.press("Return", "Home")
    lead.hands.press(*["Down"] * paths.index("cared/m_health_note"), "F2")
    lead.hands.write(WORD)
    lead.hands.press("Return", "F8")
    lead.hands.write(REASON)
    lead.hands.press("Return")
    lead.rest()


def test_visit_that_asks_for_action_goes_back_is_mended_and_is_confirmed(
    server: Server, enrolled: Enrolled
) -> None:
    scope = server.new_scope()
    officer, lead = enrolled(scope, "dong_welfare"), enrolled(scope, "team_lead")
    move_in(officer.session())
    answers = {**LAST_VISIT, "cared/m_health": "act", "cared/m_health_note": "가상-병원에 다님"}
    subject = household_named(officer.session(), "가상-김하나")
    by_name = {path.replace("/", "__"): value for path, value in answers.items()}
    write(officer.session(), "P01", subject, **by_name)
    exchanged(officer, lead)
    assert the_visit(lead).doc.state == "완료"  # nobody confirmed it by itself

    send_back(lead)
    exchanged(lead, officer)

    assert the_visit(officer).doc.state == "보완 요청"
    officer.show("today")
    officer.hands.press("Ctrl+PgDown", "Ctrl+PgDown")
    officer.rest()
    chores = [one for one in officer.desk().today.list.lines() if isinstance(one, Item)]
    assert [one.title for one in chores if REASON in one.title]
    officer.hands.press("Return")
    officer.wait_for_screen("filling")
    asked = officer.desk().filling.banner.words()
    assert REASON in asked
    assert WORD in asked
    officer.go_to("cared/m_health_note")
    officer.hands.press("End")
    officer.hands.write(" 가상병원")
    officer.finish(reason="가상-병원 이름을 적음")
    exchanged(officer, lead)
    assert the_visit(lead).doc.state == "완료"

    choose(lead, the_visit(lead).record_id)
    lead.hands.press("Ctrl+Return")
    lead.rest()
    exchanged(lead, officer)

    mended = the_visit(officer).doc
    assert mended.state == "확인"
    assert mended.answers["cared/m_health_note"] == "가상-병원에 다님 가상병원"
