"""A worker at a laptop: everything through the real window, by key and input-method events."""

from __future__ import annotations

from pathlib import Path

from fieldapp.demo.surveys import BATCH, PaperSurvey
from fieldapp.domain.access import Worker
from fieldapp.forms import Filling
from fieldapp.ui.desk import Desk
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.usecases.session import Session

_MULTILINE = ("damage_note", "good", "wish")
_ROLE_STEPS = {"dong_welfare": 0, "secretariat": 1, "team_lead": 2}


class WorkerAtLaptop:
    """One worker and one window, from the first start to the printed page."""

    def __init__(self, window: MainWindow, worker: Worker) -> None:
        self.window = window
        self.worker = worker
        self.hands = Hands(window)

    def make_profile(self, password: str) -> None:
        """The first start: who I am, where I work, what opens this laptop."""
        hands = self.hands
        hands.wait_until(self.window.unlock.name.hasFocus, "the first start")
        for text in (self.worker.name, self.worker.user, self.worker.scope):
            hands.write(text)
            hands.press("Tab")
        (role,) = self.worker.roles
        hands.press(*["Down"] * _ROLE_STEPS[role], "Tab")
        hands.type_text(password)
        hands.press("Return")
        hands.type_text(password)
        hands.press("Return")
        self._wait_for_screen("records")

    def unlock(self, password: str) -> None:
        """Open the one profile of this laptop."""
        self.hands.wait_until(self.window.unlock.password.hasFocus, "the password box")
        self.hands.type_text(password)
        self.hands.press("Return")
        self.hands.wait_until(lambda: self.window.desk is not None, "the store to open")

    def key_survey(self, survey: PaperSurvey, pictures: Path | None = None) -> None:
        """Key one paper survey from Ctrl+N to 완료, with a picture of each page if wanted."""
        self.open_survey()
        answers = survey_answers(survey)
        if pictures:
            self.picture(pictures / "01-empty-form.png")
            part = {path: answers.pop(path) for path in list(answers)[:6]}
            self.answer(part)
            self.picture(pictures / "02-filling.png")
        self.answer(answers)
        if pictures:
            self.picture(pictures / "03-written-words.png")
            self.hands.press("Ctrl+Return")
            self.picture(pictures / "04-read-back.png")
            self.hands.press("Ctrl+Return")
            self._wait_for_screen("records")
        else:
            self.finish()

    def session(self) -> Session:
        """The unlocked profile."""
        return self._desk().session

    def open_survey(self) -> None:
        """기록, Ctrl+N: the one form opens at its first question."""
        if self.window.screen_name() != "records":
            self.show("records")
        self.hands.press("Ctrl+N")
        self._wait_for_screen("filling")

    def answer(self, answers: dict[str, str]) -> None:
        """Answer question by question where the cursor stands, until it stands on none of them."""
        view = self._desk().filling
        left = dict(answers)
        while left:
            path = view.cursor_path()
            if path is None or path not in left:
                break
            self._answer_one(path, left.pop(path))
        if left:
            raise LookupError(f"the cursor stands on {view.cursor_path()}, not on {sorted(left)}")

    def filling(self) -> Filling:
        """The form on the desk."""
        filling = self._desk().filling.filling()
        if filling is None:
            raise LookupError("no form is open")
        return filling

    def open_chosen_record(self) -> None:
        """Enter on the chosen line of 기록."""
        self.show("records")
        self.hands.wait_until(self._desk().records.table.hasFocus, "the list")
        self.hands.press("Return")
        self._wait_for_screen("filling")

    def go_to(self, path: str) -> None:
        """Enter (Tab out of a text of several lines) from question to question up to this one."""
        view = self._desk().filling
        for _ in range(60):
            at = view.cursor_path()
            if at == path:
                return
            self.hands.press("Tab" if at in _MULTILINE else "Return")
        raise LookupError(f"no key led to {path}; the cursor stands on {view.cursor_path()}")

    def finish(self, reason: str = "") -> None:
        """Ctrl+Enter, read the page back, 완료."""
        self.hands.press("Ctrl+Return")
        if reason:
            self.hands.write(reason)
        self.hands.press("Ctrl+Return")
        self._wait_for_screen("records")

    def _answer_one(self, path: str, text: str) -> None:
        if path in _MULTILINE:
            self.hands.write(text)
            self.hands.press("Tab")
        elif path in ("batch", "serial"):
            self.hands.write(text)
            self.hands.press("Return")
        else:
            self.hands.press(text)

    def sign_in(self, address: str, password: str, code: str) -> None:
        """The first 주고받기: tell the server's address and enrol this laptop."""
        self.show("syncing")
        card = self._desk().syncing.sign_in
        self.hands.wait_until(card.address.hasFocus, "the sign-in card")
        for text in (address, self.worker.user, password, code):
            self.hands.write(text)
            self.hands.press("Return")
        self.hands.wait_until(lambda: not card.isVisible(), "the enrolment")

    def exchange(self) -> None:
        """주고받기, and wait until it has come to its end."""
        self.show("syncing")
        syncing = self._desk().syncing
        self.hands.wait_until(syncing.exchange.isEnabled, "주고받기 to be ready")
        self.hands.press("Ctrl+Return")
        self.hands.wait_until(syncing.exchange.isEnabled, "주고받기 to end")

    def settle_conflict(self, digit: str, reason: str) -> None:
        """Settle the oldest conflict: the same side (1 base, 2 ours, 3 theirs) at each question."""
        self.show("syncing")
        self._rest()
        pane = self._desk().syncing.conflicts
        self.hands.press("F6")
        for _ in pane.paths():
            self.hands.press(digit)
        self.hands.wait_until(pane.reason.hasFocus, "the reason")
        self.hands.write(reason)
        self.hands.press("Return")
        self._rest()

    def print_summary(self, picture: Path | None = None) -> None:
        """통계·출력: choose what the page is for, then PDF and XLSX."""
        self.show("summaries")
        view = self._desk().summaries
        self.hands.wait_until(view.pdf.isEnabled, "the page")
        self.hands.wait_until(view.what.hasFocus, "the first choice")
        self.hands.press("Tab", "Tab", "Down")
        self._rest()
        if picture:
            self.picture(picture)
        for key in ("Ctrl+P", "Ctrl+Shift+X"):
            self.hands.press(key)
            self._rest()

    def show(self, screen: str) -> None:
        """Go to a screen by its rail key."""
        key = {"records": "Ctrl+1", "summaries": "Ctrl+2", "syncing": "Ctrl+3"}[screen]
        self.hands.press(key)
        self._wait_for_screen(screen)

    def picture(self, file: Path) -> None:
        """What the window shows now, as a PNG."""
        self._rest()
        self.window.grab().save(str(file))

    def _rest(self) -> None:
        self.hands.wait_until(self.window.jobs.is_idle, "the lanes to come to rest")
        self.hands.settle()

    def _desk(self) -> Desk:
        if self.window.desk is None:
            raise LookupError("the laptop is locked")
        return self.window.desk

    def _wait_for_screen(self, name: str) -> None:
        self.hands.wait_until(lambda: self.window.screen_name() == name, f"the screen {name}")


def survey_answers(survey: PaperSurvey) -> dict[str, str]:
    """Path → what the hand keys there: digits for choices, words elsewhere."""
    answers = {
        "batch": BATCH,
        "serial": str(survey.serial),
        "mode": "2" if survey.is_helped else "4",
    }
    if survey.is_helped:
        answers["helper"] = "1"
    answers |= {f"items/q{number}": mark for number, mark in enumerate(survey.marks, 1)}
    answers |= {"again": survey.again, "damage": survey.damage}
    if survey.damage == "1":
        answers["damage_note"] = survey.damage_note
    return answers | {"good": survey.good, "wish": survey.wish}
