"""Kinds of questions beside texts and choices: metadata, days and hours, pictures, signatures."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from fieldapp.errors import AnswerRefused
from fieldapp.forms import Filling, Group, Question, Repeat, Surroundings
from tests.forms.making import KOREA, NOON, RECORD_ID, form_of, surroundings

META = """
| survey |
| | type | name | label | calculation |
| | username | worker | | |
| | deviceid | device | | |
| | start | begun | | |
| | end | ended | | |
| | today | day | | |
| | hidden | origin | | |
| | calculate | filled_by | | once(${worker}) |
| | calculate | dice | | once(random()) |
| | text | note | 메모 | |
"""

TIMES = """
| survey |
| | type | name | label | default | constraint | constraint_message |
| | date | day | 날 | today() | . <= today() | 앞날은 쓸 수 없습니다 |
| | time | hour | 때 | now() | | |
| | datetime | moment | 일시 | now() | . <= now() | 앞일은 쓸 수 없습니다 |
| | time | until | 까지 | | . > ${hour} | 시작보다 늦어야 합니다 |
"""

PICTURES = """
| survey |
| | type | name | label | appearance | parameters | required |
| | begin_repeat | shots | 사진 | | | |
| | image | photo | 사진 | | max-pixels=1600 | yes |
| | end_repeat | | | | | |
| | image | consent | 서명 | signature | | |
| | image | plan | 약도 | draw | | |
| | file | paper | 스캔 | | | |
"""

PICTURE = "a" * 64 + ".jpg"


def question(filling: Filling, name: str) -> Question:
    """A question anywhere in the body."""
    pending = list(filling.body)
    while pending:
        element = pending.pop(0)
        if isinstance(element, Question):
            if element.name == name:
                return element
        else:
            pending += element.instances if isinstance(element, Repeat) else element.children
    raise AssertionError(f"no question {name}")


def test_metadata_say_who_filled_the_form_on_what_and_when() -> None:
    around = Surroundings(
        now=lambda: NOON,
        record_id=RECORD_ID,
        seed=1,
        username="가상-담당",
        properties={"deviceid": "laptop-1"},
    )

    filling = Filling.start(form_of(META), around)

    answers = filling.answers()
    assert (answers["worker"], answers["filled_by"]) == ("가상-담당", "가상-담당")
    assert (answers["device"], answers["day"]) == ("laptop-1", "2026-12-01")
    assert answers["begun"] == "2026-12-01T12:00:00.000+09:00"
    assert "origin" not in answers


def test_a_form_that_another_worker_goes_on_with_still_says_who_filled_it() -> None:
    first = Filling.start(form_of(META), surroundings(username="가상-담당"))
    first.answer("note", "양호")

    again = Filling.resume(
        form_of(META), surroundings(NOON + timedelta(days=9), seed=5, username="가상-팀장"),
        first.answers(),
    )  # fmt: skip

    assert again.answers() == first.answers()
    assert again.value("filled_by") == "가상-담당"


def test_a_hidden_answer_is_given_from_outside_and_kept() -> None:
    filling = Filling.start(form_of(META), surroundings())

    filling.answer("origin", "01a22ee6-b000-78f1-91b7-584a2265b1f6")

    assert filling.answers()["origin"] == "01a22ee6-b000-78f1-91b7-584a2265b1f6"
    assert "origin" not in [e.name for e in filling.body if isinstance(e, Question)]


def test_the_end_of_a_form_is_its_last_answer() -> None:
    clock = [NOON]
    around = Surroundings(now=lambda: clock[0], record_id=RECORD_ID, seed=1)
    filling = Filling.start(form_of(META), around)
    assert filling.value("ended") == ""

    clock[0] = NOON + timedelta(minutes=7)
    filling.answer("note", "양호")

    assert filling.value("begun") == "2026-12-01T12:00:00.000+09:00"
    assert filling.value("ended") == "", "nobody inside the form sees its end before it is there"
    assert filling.answers()["ended"] == "2026-12-01T12:07:00.000+09:00"
    clock[0] = NOON + timedelta(days=1)
    again = Filling.resume(form_of(META), around, filling.answers())
    assert again.answers()["ended"] == "2026-12-01T12:07:00.000+09:00"


def test_days_hours_and_moments_begin_as_what_they_are() -> None:
    filling = Filling.start(form_of(TIMES), surroundings())

    assert filling.value("day") == "2026-12-01"
    assert filling.value("hour") == "12:00:00.000+09:00"
    assert filling.value("moment") == "2026-12-01T12:00:00.000+09:00"
    assert [question(filling, name).data_type for name in ("day", "hour", "moment")] == [
        "date",
        "time",
        "dateTime",
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("day", "2026-11-30"),
        ("hour", "14:05:00"),
        ("hour", "09:30:00.000+09:00"),
        ("moment", "2026-11-30T14:05:00+09:00"),
        ("moment", "2026-11-30T14:05"),
        ("moment", "2024-02-29T00:00:00Z"),
    ],
)
def test_what_is_a_day_an_hour_or_a_moment_is_taken_as_written(path: str, text: str) -> None:
    filling = Filling.start(form_of(TIMES), surroundings())

    filling.answer(path, text)

    assert filling.value(path) == text


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("day", "2026-02-29"),
        ("day", "20261130"),
        ("day", "2026-11-30T10:00Z"),
        ("hour", "25:00:00"),
        ("hour", "14시 5분"),
        ("moment", "2026-11-30"),
        ("moment", "2026-11-31T14:05:00"),
        ("moment", "20261130T140500"),
        ("moment", "2026-W10-1T10:00"),
    ],
)
def test_what_is_none_is_refused_and_the_answer_before_stays(path: str, text: str) -> None:
    filling = Filling.start(form_of(TIMES), surroundings())
    before = filling.value(path)

    with pytest.raises(AnswerRefused):
        filling.answer(path, text)

    assert filling.value(path) == before


def test_days_and_moments_are_compared_as_what_they_are() -> None:
    filling = Filling.start(form_of(TIMES), surroundings(datetime(2026, 12, 1, 0, 5, tzinfo=KOREA)))

    filling.answer("day", "2026-12-02")
    filling.answer("moment", "2026-12-01T00:05:01+09:00")

    assert [one.path for one in filling.violations()] == ["day", "moment"]
    filling.answer("day", "2026-12-01")
    # The same instant as four in the afternoon of the day before in London.
    filling.answer("moment", "2026-11-30T15:05:00Z")
    assert filling.violations() == ()


def test_pictures_and_signatures_are_uploads_with_their_appearance() -> None:
    filling = Filling.start(form_of(PICTURES), surroundings())

    shown = {
        name: (question(filling, name).control, question(filling, name).appearance)
        for name in ("photo", "consent", "plan", "paper")
    }

    assert shown == {
        "photo": ("upload", ""),
        "consent": ("upload", "signature"),
        "plan": ("upload", "draw"),
        "paper": ("upload", ""),
    }
    assert question(filling, "photo").data_type == "binary"
    assert question(filling, "photo").attributes["mediatype"] == "image/*"
    assert question(filling, "photo").attributes["max-pixels"] == "1600"


def test_an_attachment_is_answered_by_the_name_of_what_is_in_it() -> None:
    filling = Filling.start(form_of(PICTURES), surroundings())
    (shot,) = filling.repeat_paths("shots")

    filling.answer(f"{shot}/photo", PICTURE)

    assert filling.answers()[f"{shot}/photo"] == PICTURE
    assert isinstance(filling.body[0], Group)
    filling.answer(f"{shot}/photo", "")
    assert f"{shot}/photo" not in filling.answers()


@pytest.mark.parametrize(
    "name",
    ["../" + PICTURE, "..", ".hidden", "C:" + PICTURE, "\\\\host\\x.jpg", "a/b.jpg", "a" * 256],
)
def test_no_way_to_another_file_becomes_an_answer(name: str) -> None:
    filling = Filling.start(form_of(PICTURES), surroundings())

    with pytest.raises(AnswerRefused):
        filling.answer("consent", name)


PLANNED = (
    META.replace(
        "| | text | note | 메모 | |",
        "| | text | note | 메모 | |\n| | date | on | 날 | |\n| | begin_repeat | r | R | |\n"
        "| | text | t | T | |\n| | end_repeat | | | |",
    )
    .replace("| calculation |", "| calculation | default |")
    .replace("| 날 | |", "| 날 | | today() |")
)


def test_a_planned_form_is_begun_by_whoever_opens_it_first() -> None:
    key = "01a22f8b-7b80-78f1-91b7-584a2265b1f5"
    given = {
        "origin": "01a22ee6-b000-78f1-91b7-584a2265b1f6",
        "on": "2026-12-24",
        f"r[{key}]/t": "먼저 볼 것",
        "gone": "1",
    }

    filling = Filling.start(form_of(PLANNED), surroundings(username="가상-조사원"), given=given)

    answers = filling.answers()
    assert given.items() <= answers.items()
    assert filling.repeat_paths("r") == (f"r[{key}]",)
    assert answers["worker"] == answers["filled_by"] == "가상-조사원"
    assert answers["begun"] == "2026-12-01T12:00:00.000+09:00"


def test_a_planned_form_without_answers_is_a_new_one() -> None:
    one = Filling.start(form_of(PLANNED), surroundings())
    other = Filling.start(form_of(PLANNED), surroundings(), given={})

    assert one.answers() == other.answers()
    assert one.answers()["on"] == "2026-12-01"
