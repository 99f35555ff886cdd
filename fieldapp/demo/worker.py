"""A worker at a laptop: everything through the real window, by key and input-method events."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fieldapp.demo.surveys import BATCH, PaperSurvey
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import RecordId
from fieldapp.forms import Filling
from fieldapp.storage import drafts
from fieldapp.ui.desk import Desk
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.usecases.session import Session

#: Texts of several lines, in which Enter breaks the line.
_MULTILINE = frozenset(
    {
        "damage_note",
        "good",
        "wish",
        "said",
        "seen",
        "care_note",
        "content",
        "opinion",
        "plan",
        "fixed_now",
        "site_says",
        "remark1",
        "remark2",
        "good_text",
        "revisit_reason",
        "state_note",
        "safety",
        "grade_reason",
    }
)
#: Questions of the surveys that take words.
_LINES = frozenset({"batch", "serial", "damage_note", "good", "wish"})
_ROLE_STEPS = {
    "dong_welfare": 0,
    "secretariat": 1,
    "team_lead": 2,
    "dept_officer": 3,
    "dong_nurse": 4,
    "monitor": 5,
}


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
        hands.wait_until(lambda: self.window.desk is not None, "the desk")
        self.rest()

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
            self.wait_for_screen("records")
        else:
            self.finish()

    def session(self) -> Session:
        """The unlocked profile."""
        return self.desk().session

    def open_survey(self) -> None:
        """기록, Ctrl+N: the one form opens at its first question."""
        self.open_form("가사서비스")

    def answer(self, answers: dict[str, str]) -> None:
        """Answer question by question where the cursor stands, until it stands on none of them."""
        view = self.desk().filling
        left = dict(answers)
        while left:
            path = view.cursor_path()
            if path is None or path not in left:
                break
            if path in _LINES:
                self.hands.write(left.pop(path))
                self.hands.press("Tab" if path in _MULTILINE else "Return")
            else:
                self.hands.press(left.pop(path))
        if left:
            raise LookupError(f"the cursor stands on {view.cursor_path()}, not on {sorted(left)}")

    def filling(self) -> Filling:
        """The form on the desk."""
        filling = self.desk().filling.filling()
        if filling is None:
            raise LookupError("no form is open")
        return filling

    def open_chosen_record(self) -> None:
        """Enter on the chosen line of 기록."""
        self.show("records")
        self.hands.wait_until(self.desk().records.table.hasFocus, "the list")
        self.hands.press("Return")
        self.wait_for_screen("filling")

    def go_to(self, path: str) -> None:
        """Enter (Tab out of a text of several lines) from question to question up to this one."""
        for _ in range(60):
            at = self.cursor()
            if at == path:
                return
            self.hands.press("Tab" if at.rpartition("/")[2] in _MULTILINE else "Return")
        raise LookupError(f"no key led to {path}; the cursor stands on {self.cursor()}")

    def go_back_to(self, path: str) -> None:
        """Shift+Enter from question to question back to this one."""
        for _ in range(60):
            if self.cursor() == path:
                return
            self.hands.press("Shift+Return")
        raise LookupError(f"no key led back to {path}; the cursor stands on {self.cursor()}")

    def finish(self, reason: str = "") -> None:
        """Ctrl+Enter, read the page back, 완료."""
        self.hands.press("Ctrl+Return")
        if reason:
            self.hands.write(reason)
        self.hands.press("Ctrl+Return")
        self.wait_until_closed()

    def sign_in(self, address: str, password: str, code: str) -> None:
        """The first 주고받기: tell the server's address and enrol this laptop."""
        self.show("syncing")
        card = self.desk().syncing.sign_in
        self.hands.wait_until(card.address.hasFocus, "the sign-in card")
        for text in (address, self.worker.user, password, code):
            self.hands.write(text)
            self.hands.press("Return")
        self.hands.wait_until(lambda: not card.isVisible(), "the enrolment")

    def exchange(self) -> None:
        """주고받기, and wait until it has come to its end."""
        self.show("syncing")
        syncing = self.desk().syncing
        self.hands.wait_until(syncing.exchange.isEnabled, "주고받기 to be ready")
        self.hands.press("Ctrl+Return")
        self.hands.wait_until(syncing.exchange.isEnabled, "주고받기 to end")

    def settle_conflict(self, digit: str, reason: str) -> None:
        """Settle the oldest conflict: the same side (1 base, 2 ours, 3 theirs) at each question."""
        self.show("syncing")
        self.rest()
        pane = self.desk().syncing.conflicts
        self.hands.press("F6")
        for _ in pane.paths():
            self.hands.press(digit)
        self.hands.wait_until(pane.reason.hasFocus, "the reason")
        self.hands.write(reason)
        self.hands.press("Return")
        self.rest()

    def show(self, screen: str) -> None:
        """Go to a screen by its rail key."""
        self.hands.press(self.window.rail.key_of(screen))
        self.wait_for_screen(screen)
        self.rest()

    def picture(self, file: Path) -> None:
        """What the window shows now, as a PNG."""
        self.rest()
        self.window.grab().save(str(file))

    def wait_until_kept(self, path: str, text: str) -> None:
        """Until the draft on the desk holds these words at a question, on the disk."""
        session, record_id = self.session(), self.desk().form.draft_id()

        def is_kept() -> bool:
            with session.store.reading() as db:
                if record_id is None or not drafts.exists(db, RecordId(record_id)):
                    return False
                return drafts.find(db, RecordId(record_id)).answers.get(path) == text

        self.hands.wait_until(is_kept, "the draft to be kept")

    def cursor(self) -> str:
        """The path of the question that has the keys, or ""."""
        return self.desk().filling.cursor_path() or ""

    def answer_rest(self, marks: Mapping[str, str], *, until: str) -> None:
        """Enter from question to question up to the one called `until`; those named in `marks`
        are given their digit or words on the way.
        """
        met: set[str] = set()
        for _ in range(80):
            path = self.cursor()
            name = path.rpartition("/")[2]
            if name == until:
                return
            if name in marks and path not in met:
                met.add(path)
                self.hands.write(marks[name])
                if self.cursor() != path:  # a digit of a choice goes on by itself
                    continue
            self.hands.press("Tab" if name in _MULTILINE else "Return")
        raise LookupError(f"no key led to {until}; the cursor stands on {self.cursor()}")

    def open_form(self, title: str) -> None:
        """기록, Ctrl+N, the form whose title has these letters."""
        self.show("records")
        self.rest()
        self.hands.press("Ctrl+N")
        self.rest()
        self.hands.write(title)
        self.hands.press("Return")
        self.wait_for_screen("filling")

    def wait_until_closed(self) -> None:
        """Until the form is off the desk and the lanes rest."""
        self.hands.wait_until(lambda: not self.desk().form.is_open(), "the form to close")
        self.rest()

    def rest(self) -> None:
        """Until the lanes rest and the window shows what they brought."""
        self.hands.wait_until(self.window.jobs.is_idle, "the lanes to come to rest")
        self.hands.settle()

    def desk(self) -> Desk:
        """The unlocked profile's screens."""
        if self.window.desk is None:
            raise LookupError("the laptop is locked")
        return self.window.desk

    def wait_for_screen(self, name: str) -> None:
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
