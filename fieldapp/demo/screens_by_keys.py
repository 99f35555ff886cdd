"""What a worker does on one screen or another, by keys alone: 오늘, 점검·설문, 통계·출력."""

from __future__ import annotations

from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.ui import commands
from fieldapp.usecases.monitoring import improvements


def choose_row(at: WorkerAtLaptop, name: str) -> None:
    """오늘: Down to the row of somebody."""
    view = at.desk().today
    at.rest()
    for _ in range(200):
        if view.pane.name.text() == name:
            return
        at.hands.press("Down")
        at.rest()
    raise LookupError("nobody of that name is on the list")


def open_round(at: WorkerAtLaptop, record_id: str) -> None:
    """점검·설문: the row of a checklist, Enter."""
    choose_round(at, record_id)
    at.hands.press("Return")
    at.wait_for_screen("filling")


def choose_round(at: WorkerAtLaptop, record_id: str) -> None:
    """점검·설문: Down to the row of a checklist."""
    at.show("monitoring")
    table = at.desk().monitoring.rounds
    at.hands.wait_until(table.hasFocus, "the rounds")
    before = None
    while table.chosen_key() != record_id:
        if table.chosen_key() == before:
            raise LookupError("the checklist is not among the rounds")
        before = table.chosen_key()
        at.hands.press("Down")


def open_improvement(at: WorkerAtLaptop, content: str) -> None:
    """점검·설문 › 개선사항: the improvement that says this, and its next step."""
    at.show("monitoring")
    at.hands.press("Ctrl+PgDown")
    at.rest()
    wanted = next(row.entity_id for row in improvements(at.session()) if row.content == content)
    board = at.desk().monitoring.board
    at.hands.press("Left", "Left", "Left")
    for _ in board.lists:
        column = next(rows for rows in board.lists if rows.hasFocus())
        at.hands.press("Home")
        for _ in range(len(column.keys())):
            if column.chosen_key() == wanted:
                at.hands.press("Return")
                at.wait_for_screen("filling")
                return
            at.hands.press("Down")
        at.hands.press("Right")
    raise LookupError("no key led to the improvement")


def choose_summary(
    at: WorkerAtLaptop, form_id: str, *, is_whole: bool, is_signed: bool = False
) -> None:
    """통계·출력: what is printed, of one's own office or of all that this laptop holds; is_signed:
    with 결재란.
    """
    at.show("summaries")
    choices = at.desk().summaries.choices
    at.hands.wait_until(choices.what.hasFocus, "the first choice")
    at.hands.press("Home")
    while choices.form_id() != form_id:
        at.hands.press("Down")
    at.rest()
    at.hands.press("Tab", "Tab")
    at.hands.press("End" if is_whole else "Home")
    at.rest()
    if is_signed:
        at.hands.press("Tab", "Tab", "Down")
        at.rest()


def export_all(at: WorkerAtLaptop) -> None:
    """PDF, 한글 and 엑셀 of the page, for the monthly report."""
    at.hands.press("Ctrl+P")
    at.rest()
    if not at.desk().summaries.purpose.currentIndex():
        at.hands.press("Down")
        at.rest()
        at.hands.press("Ctrl+P")
        at.rest()
    for command in (commands.HWPX, commands.XLSX):
        at.hands.press(command.keys[0])
        at.rest()


def key_area(at: WorkerAtLaptop, number: int, digits: str, *, evidence: str = "") -> None:
    """The statements of an area by their digits; a low score asks for its evidence."""
    at.go_to(f"areas[n{number}]/items[n1]/score")
    for item, digit in enumerate(digits, start=1):
        at.go_to(f"areas[n{number}]/items[n{item}]/score")
        at.hands.press(digit)
        if digit in "12":
            at.hands.write(evidence)
            at.hands.press("Return")
