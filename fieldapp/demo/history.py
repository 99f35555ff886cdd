"""What stands in 가상구 when the story begins: written, signed and sent on laptops of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from fieldapp.clock import KOREA, StillClock
from fieldapp.demo import cast
from fieldapp.demo.district import District
from fieldapp.demo.people import HAETSAL, People
from fieldapp.demo.seed import clock_at, seed_town, seeding_session, send_all
from fieldapp.demo.surveys import BATCH as HOUSEKEEPING
from fieldapp.demo.surveys import TWELVE, PaperSurvey
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import Subject
from fieldapp.packs import Filling
from fieldapp.storage import records
from fieldapp.storage.database import Database
from fieldapp.usecases import (
    exchange,
    filling,
    finishing,
    lists,
    monitoring,
    profiles,
    review,
    signing,
)
from fieldapp.usecases.session import Session

BATCH = "2026-2 가상-보호작업장"
HANDED_OUT = 11
#: Sites by programme (ux §8): 돌봄센터 18, re100 15, 복지용구 1.
_SITES = (
    ("care", 18, "다함께돌봄센터"),
    ("re100", 15, "자원순환가게"),
    ("tool", 1, "복지용구센터"),
)
FIRST_SITE = "가상-햇살 다함께돌봄센터"
#: Before the story: eleven of fourteen improvements are adopted.
_IMPROVEMENTS, _ADOPTED = 14, 11
#: Marks of the eight sheets that came back already, a factor a word. With the ninth, 서비스과정
#: prints 0 4 7 33 56 and 전반적만족도 0 0 11 22 67 (counts 0 1 2 9 15 and 0 0 1 2 6).
EIGHT_SHEETS = (
    ("555", "555", "555", "555", "5"),
    ("455", "555", "545", "455", "5"),
    ("345", "455", "345", "545", "5"),
    ("444", "445", "434", "454", "5"),
    ("543", "544", "353", "444", "4"),
    ("334", "345", "443", "543", "5"),
    ("235", "243", "324", "534", "4"),
    ("455", "455", "455", "455", "3"),
)
NINTH_SHEET = ("455", "545", "545", "455", "5")
_GROUPS = ("content", "process", "place", "social", "overall")


def stable_id(name: str) -> str:
    """An id that is the same in every run."""
    return str(uuid5(NAMESPACE_URL, f"fieldapp-demo:{name}"))


class History:
    """Writes the past of the district, laptop by laptop, into profiles below one folder."""

    def __init__(self, district: District, folder: Path, address: str) -> None:
        self._district = district
        self._folder = folder
        self._address = address
        self.clock = StillClock(datetime(2026, 8, 4, 9, tzinfo=KOREA))

    def profile_of(self, worker: Worker) -> Path:
        """The folder of somebody's profiles."""
        return self._folder / stable_id(worker.name)

    @contextmanager
    def laptop(self, worker: Worker) -> Iterator[Session]:
        """Somebody's laptop, made when it is first opened, enrolled and exchanged at the end."""
        session = seeding_session(
            self.profile_of(worker),
            worker,
            password=cast.LAPTOP_PASSWORD,
            packs=self._district.packs,
            clock=self.clock,
        )
        try:
            yield session
            send_all(
                session,
                address=self._address,
                password=cast.SERVER_PASSWORD,
                code=self._district.codes[worker.user],
            )
        finally:
            session.store.close()

    def write_towns(self, people: People) -> int:
        """Households and contacts of every town, and eight sheets of the survey."""
        written = 0
        with self.laptop(cast.WELFARE) as session:
            written += seed_town(session, self.clock, people, HAETSAL)
            self._key_sheets(session)
        for worker in cast.OTHER_TOWNS:
            with self.laptop(worker) as session:
                written += seed_town(session, self.clock, people, worker.scope)
        return written

    def write_telephones(self, people: People) -> None:
        """One number, changed on two laptops: one is sent, the other waits on HS-03 (ux §8)."""
        household = people.called("hana").id
        clock_at(self.clock, datetime(2026, 11, 27, 9, tzinfo=KOREA))
        with self._enrolled(cast.NURSE) as nurse, self.opened(cast.WELFARE) as welfare:
            _exchange_all((nurse, welfare))
            clock_at(self.clock, datetime(2026, 11, 27, 16, 40, tzinfo=KOREA))
            with nurse.store.writing() as db:
                lists.change(nurse, db, "household", household, {"phone": "010-0000-0110"})
            _exchange_all((nurse,))
            clock_at(self.clock, datetime(2026, 11, 30, 9, 8, tzinfo=KOREA))
            with welfare.store.writing() as db:
                lists.change(welfare, db, "household", household, {"phone": "010-0000-0109"})
            self._mend_what_is_closed(welfare, people.called("raon").id)

    def _mend_what_is_closed(self, welfare: Session, household: str) -> None:
        """A visit that was confirmed and locked is mended offline: 정정 요청."""
        with welfare.store.reading() as db:
            visit = records.of_subject(db, "household", household, limit=1)[0]
        form = filling.open_record(welfare, visit.record_id)
        form.filling.answer("talk/said", "다음 주에는 오전에 전화해 달라고 함")
        finishing.finish(welfare, form.snapshot(None), reason="빠뜨린 말을 적음")

    def send_back(self, people: People) -> None:
        """The team leader looks at what was sent, and sends one visit back with a comment."""
        maru = people.called("maru").id
        clock_at(self.clock, datetime(2026, 11, 27, 8, 30, tzinfo=KOREA))
        with self._enrolled(cast.LEAD) as lead:
            _exchange_all((lead,))
            with lead.store.reading() as db:
                visit = next(
                    row
                    for row in records.of_subject(db, "household", maru, limit=20)
                    if row.doc.answers.get("cared/m_health") == "act"
                )
            review.take_step(
                lead,
                visit.record_id,
                "보완 요청",
                reason="조치를 적어 주세요",
                comments={"cared/m_health": "병원 예약까지 도왔는지 적어 주세요"},
            )
            _exchange_all((lead,))

    @contextmanager
    def opened(self, worker: Worker) -> Iterator[Session]:
        """A laptop that stands already."""
        (profile,) = profiles.list_profiles(self.profile_of(worker))
        session = profiles.unlock(profile, cast.LAPTOP_PASSWORD, self.clock, self._district.packs)
        try:
            yield session
        finally:
            session.store.close()

    def write_monitoring(self) -> RecordId:
        """A first round with fourteen improvements, answered; returns the checklist planned for
        the story.
        """
        clock_at(self.clock, datetime(2026, 10, 15, 9, tzinfo=KOREA))
        with (
            self._enrolled(cast.SECRETARY) as secretary,
            self._enrolled(cast.FIRST_MONITOR) as first,
            self._enrolled(cast.SECOND_MONITOR) as second,
            self._enrolled(cast.OFFICER) as officer,
        ):
            with secretary.store.writing() as db:
                self._register(secretary, db)
            round_one = self._plan(secretary, 1, date(2026, 10, 15))
            everybody = (secretary, first, second, officer)
            _exchange_all(everybody)
            signing.set_pin(second, cast.SECOND_PIN)
            _fill(first, round_one)
            _exchange_all((first, second))
            signing.sign(first, round_one, "monitor1")
            signing.sign(second, round_one, "monitor2")
            _exchange_all((first, second, secretary))
            self._answer(secretary, officer)
            clock_at(self.clock, datetime(2026, 11, 27, 16, tzinfo=KOREA))
            planned = self._plan(secretary, 2, date(2026, 11, 30))
            _exchange_all(everybody)
        return planned

    @contextmanager
    def _enrolled(self, worker: Worker) -> Iterator[Session]:
        """A laptop that is at the server already and stays open."""
        session = seeding_session(
            self.profile_of(worker),
            worker,
            password=cast.LAPTOP_PASSWORD,
            packs=self._district.packs,
            clock=self.clock,
        )
        try:
            send_all(
                session,
                address=self._address,
                password=cast.SERVER_PASSWORD,
                code=self._district.codes[worker.user],
            )
            yield session
        finally:
            session.store.close()

    def _key_sheets(self, session: Session) -> None:
        clock_at(self.clock, datetime(2026, 11, 26, 10, tzinfo=KOREA))
        with session.store.writing() as db:
            lists.register(
                session, db, "target", stable_id("handed out"), label="가상-보호작업장 배부",
                props={
                    "indicator": "P13a_handed_out", "year": "2026", "value": str(HANDED_OUT),
                },
            )  # fmt: skip
        for survey in TWELVE:
            form = filling.open_new(session, "P13e")
            answer_all(form.filling, answers_of(survey))
            finishing.finish(session, form.snapshot(None))
        for serial, sheet in enumerate(EIGHT_SHEETS, start=1):
            form = filling.open_new(session, "P13a")
            for path, value in (("batch", BATCH), ("serial", str(serial)), ("mode", "paper")):
                form.filling.answer(path, value)
            answer_all(form.filling, marks_of(sheet))
            finishing.finish(session, form.snapshot(None))

    def _register(self, session: Session, db: Database) -> None:
        for programme, count, kind in _SITES:
            for number in range(1, count + 1):
                name = f"가상-{_ORDINALS[number - 1]} {kind}"
                lists.register(
                    session, db, "site", stable_id(name), label=name,
                    props={"programme": programme},
                )  # fmt: skip
        for worker in (cast.FIRST_MONITOR, cast.SECOND_MONITOR):
            lists.register(
                session, db, "monitor", stable_id(worker.name), label=worker.name,
                props={"user": worker.name},
            )  # fmt: skip
        lists.register(
            session, db, "target", stable_id("adopted"), label="현장모니터링 반영률",
            props={"indicator": "improvement_adopted", "year": "2026", "value": "60"},
        )  # fmt: skip

    def _plan(self, session: Session, round_no: int, day: date) -> RecordId:
        changes = monitoring.plan(
            session,
            programme="care",
            site=stable_id(FIRST_SITE),
            round="onsite",
            round_no=round_no,
            monitors=(
                stable_id(cast.FIRST_MONITOR.name),
                stable_id(cast.SECOND_MONITOR.name),
            ),
            visit_date=day,
        )
        (record,) = changes.records
        return record

    def _answer(self, secretary: Session, officer: Session) -> None:
        clock_at(self.clock, datetime(2026, 10, 20, 9, tzinfo=KOREA))
        for row in monitoring.improvements(secretary):
            take_improvement_step(secretary, row.entity_id, step="forward", dept="가상-돌봄팀")
        _exchange_all((secretary, officer))
        clock_at(self.clock, datetime(2026, 10, 28, 9, tzinfo=KOREA))
        for number, row in enumerate(monitoring.improvements(officer)):
            answer: Mapping[str, str] = (
                {"decision": "adopt", "plan": "다음 분기에 고침", "plan_due": "2026-12-31"}
                if number < _ADOPTED
                else {"decision": "reject", "reason": "예산에 없음"}
            )
            take_improvement_step(officer, row.entity_id, step="answer", **answer)
        _exchange_all((officer, secretary))


def answers_of(survey: PaperSurvey) -> dict[str, str]:
    """Path → answer of a sheet of the housekeeping survey."""
    marks = {f"items/q{number}": mark for number, mark in enumerate(survey.marks, start=1)}
    words = {"damage_note": survey.damage_note, "good": survey.good, "wish": survey.wish}
    return {
        "batch": HOUSEKEEPING,
        "serial": str(survey.serial),
        "mode": "helped" if survey.is_helped else "paper",
        **({"helper": "family"} if survey.is_helped else {}),
        **marks,
        "again": survey.again,
        "damage": survey.damage,
        **{path: text for path, text in words.items() if text},
    }


def marks_of(sheet: Sequence[str]) -> dict[str, str]:
    """Path → mark of a sheet; what is not on it is 무응답."""
    marks = {
        f"{group}/{group}{number}": mark
        for group, word in zip(_GROUPS, sheet, strict=True)
        for number, mark in enumerate(word, start=1)
    }
    marks |= {f"outcome/outcome{number}": "4" for number in range(1, 5)}
    return marks | {f"programme/programme{number}": "5" for number in range(1, 12)}


def answer_all(form: Filling, answers: Mapping[str, str]) -> None:
    """Answers by path."""
    for path, value in answers.items():
        form.answer(path, value)


def take_improvement_step(session: Session, entity_id: str, **answers: str) -> None:
    """One step of an improvement, through its form; answers by name."""
    form = filling.open_new(session, "P12", subject=Subject(list="improvement", id=entity_id))
    for name, value in answers.items():
        form.filling.answer(form.filling.definition.paths[name], value)
    finishing.finish(session, form.snapshot(None))


def _fill(session: Session, record: RecordId) -> None:
    """The first round's checklist, all four points, with its fourteen improvements."""
    form = filling.open_record(session, record)
    form.filling.answer("visit_state", "done")
    form.filling.answer("conflict_free", "yes")
    for area in form.filling.repeat_paths("areas"):
        for item in form.filling.repeat_paths(f"{area}/items"):
            form.filling.answer(f"{item}/score", "4")
    areas = [form.filling.value(f"{area}/area") for area in form.filling.repeat_paths("areas")]
    for number in range(_IMPROVEMENTS):
        form.filling.add_repeat("improvements")
        path = form.filling.repeat_paths("improvements")[-1]
        form.filling.answer(f"{path}/content", f"가상-{_WISHES[number % len(_WISHES)]}")
        form.filling.answer(f"{path}/of_area", areas[number % len(areas)])
        form.filling.answer(f"{path}/urgency", "normal")
    finishing.finish(session, form.snapshot(None))


def _exchange_all(sessions: Sequence[Session]) -> None:
    for session in sessions:
        exchange.exchange(session, progress=lambda _: None, cancelled=lambda: False)


_ORDINALS = (
    "햇살", "솔바람", "물결", "들꽃", "새벽", "노을", "이슬", "바람", "구름", "별빛", "달빛",
    "나루", "언덕", "샘터", "오솔길", "단비", "풀잎", "여울",
)  # fmt: skip
_WISHES = (
    "비상구 앞 물건 치우기", "식단표를 문 앞에 붙이기", "대기 순번 알리기", "모서리 감싸기",
    "쉬는 자리 늘리기", "이용시간 안내판 달기", "자원봉사 기록 남기기",
)  # fmt: skip
