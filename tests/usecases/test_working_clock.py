"""The time of a store: it follows the device's clock, never back, and believes no jump."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.clock import KOREA, SystemClock, today
from fieldapp.storage.meta import ClockSeen
from fieldapp.usecases.working_clock import JUMP, WorkingClock
from tests.clocks import SettableClock

MORNING = datetime(2026, 11, 21, 9, tzinfo=KOREA)
EVENING = datetime(2026, 11, 20, 17, 55, tzinfo=KOREA)
YEAR = timedelta(days=365)
MINUTE = timedelta(minutes=1)
_SECONDS = st.integers(0, 10 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))
_SETTINGS = st.integers(-800 * 24, 800 * 24).map(lambda hours: timedelta(hours=hours))


@settings(max_examples=200)
@given(st.lists(st.tuples(_SECONDS, _SETTINGS), max_size=12))
def test_time_goes_on_and_by_no_more_than_passed_and_a_jump_that_is_believed(
    events: list[tuple[timedelta, timedelta]],
) -> None:
    device = SettableClock(MORNING)
    clock = WorkingClock(device, last=EVENING)
    before = clock.now()
    for passed, setting in events:
        device.let_pass(passed)
        device.put(setting)
        now = clock.now()
        assert timedelta() < now - before <= passed + JUMP + timedelta(milliseconds=1)
        before = now


@dataclass
class Kept:
    """What a store keeps of its clock when it is closed, or when the process dies."""

    last: datetime = EVENING
    offset_ms: int = 0
    seen: ClockSeen | None = None

    def opened(self, device: SettableClock) -> WorkingClock:
        offset = timedelta(milliseconds=self.offset_ms)
        return WorkingClock(device, offset=offset, last=self.last, seen=self.seen)


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 48),
            st.integers(-12, 12),
            st.sampled_from(["work on", "lock", "die", "restart", "die and restart"]),
        ),
        max_size=12,
    )
)
def test_worker_who_answers_truly_lives_in_the_true_time_whatever_the_clock_is_set_to(
    events: list[tuple[int, int, str]],
) -> None:
    true, device, kept = MORNING, SettableClock(MORNING), Kept()
    clock = kept.opened(device)
    for hours, months, how in events:
        if how in ("lock", "restart"):
            kept.seen = clock.seen() or kept.seen
        device.put(timedelta(days=30 * months))
        device.let_pass(timedelta(hours=hours))
        true += timedelta(hours=hours)
        if how.endswith("restart"):
            device.restart(timedelta())
        if how != "work on":
            clock = kept.opened(device)

        if clock.doubt() is not None:
            kept.offset_ms = clock.settle(true.date())
            kept.seen = clock.seen()

        assert clock.doubt() is None
        assert today(clock) == true.date()
        kept.last = clock.now()
        assert abs(kept.last - true) < timedelta(seconds=1)


@pytest.mark.parametrize("days", [0, 1, 3, 6])
def test_night_weekend_and_holiday_are_not_asked_about(days: int) -> None:
    device = SettableClock(EVENING + timedelta(days=days, hours=15))

    clock = WorkingClock(device, last=EVENING)

    assert clock.doubt() is None
    assert clock.now() >= device.now()


def test_clock_a_little_behind_stands_until_it_has_caught_up_and_still_orders() -> None:
    device = SettableClock(EVENING - timedelta(hours=3))
    clock = WorkingClock(device, last=EVENING)

    first, second = clock.now(), clock.now()

    assert clock.doubt() is None
    assert EVENING < first < second < EVENING + timedelta(seconds=1)
    device.let_pass(timedelta(hours=4))
    assert clock.now() == device.now()


@pytest.mark.parametrize("by", [YEAR, -YEAR, timedelta(hours=13), timedelta(hours=-13)])
def test_jump_while_open_is_noted_and_time_goes_on_as_if_there_was_none(by: timedelta) -> None:
    device = SettableClock(MORNING)
    clock = WorkingClock(device, last=EVENING)

    device.let_pass(MINUTE)
    device.put(by)

    assert clock.now() == MORNING + MINUTE
    doubt = clock.doubt()
    assert doubt is not None
    assert doubt.device == MORNING + MINUTE + by
    assert clock.seen() is None


def test_clock_that_is_set_right_again_answers_the_question_itself() -> None:
    device = SettableClock(MORNING)
    clock = WorkingClock(device, last=EVENING)
    device.put(YEAR)
    assert clock.doubt() is not None

    device.put(-YEAR)

    assert clock.doubt() is None
    device.let_pass(MINUTE)
    assert clock.now() == MORNING + MINUTE


def test_sleep_of_a_month_is_no_jump_when_the_counter_slept_along() -> None:
    device = SettableClock(EVENING)
    seen = WorkingClock(device, last=EVENING).seen()
    device.let_pass(timedelta(days=31))

    clock = WorkingClock(device, last=EVENING, seen=seen)

    assert clock.doubt() is None
    assert clock.now() == EVENING + timedelta(days=31)


def test_clock_set_by_a_day_while_locked_shows_by_the_counter() -> None:
    device = SettableClock(EVENING)
    seen = WorkingClock(device, last=EVENING).seen()
    device.let_pass(timedelta(hours=15))
    device.put(timedelta(days=1))

    clock = WorkingClock(device, last=EVENING, seen=seen)

    assert clock.doubt() is not None
    assert clock.now() == EVENING + timedelta(hours=15)


def test_counter_of_another_start_of_the_laptop_says_nothing() -> None:
    device = SettableClock(EVENING)
    seen = WorkingClock(device, last=EVENING).seen()
    device.restart(timedelta(hours=15))

    clock = WorkingClock(device, last=EVENING, seen=seen)

    assert clock.doubt() is None
    assert clock.now() == EVENING + timedelta(hours=15)


@pytest.mark.parametrize(
    ("shown", "said", "offset"),
    [
        (MORNING + YEAR, MORNING + YEAR, timedelta()),
        (MORNING + YEAR, MORNING, -YEAR),
        (MORNING - YEAR, MORNING, YEAR),
        (MORNING - YEAR, MORNING + timedelta(days=2), YEAR + timedelta(days=2)),
    ],
)
def test_day_that_the_worker_says_is_today_at_the_hour_of_the_device(
    shown: datetime, said: datetime, offset: timedelta
) -> None:
    clock = WorkingClock(SettableClock(shown), last=EVENING)
    assert clock.doubt() is not None

    offset_ms = clock.settle(said.date())

    assert clock.doubt() is None
    assert today(clock) == said.date()
    assert clock.now() - said < timedelta(seconds=1)
    assert offset_ms == offset / timedelta(milliseconds=1)


def test_device_that_was_mended_is_believed_again_without_its_old_offset() -> None:
    clock = WorkingClock(SettableClock(MORNING), offset=YEAR, last=EVENING)
    doubt = clock.doubt()
    assert doubt is not None
    assert doubt.proposed == MORNING.date()

    assert clock.settle(MORNING.date()) == 0
    assert clock.now() - MORNING < timedelta(seconds=1)


def test_day_before_the_last_one_counts_when_the_worker_says_so() -> None:
    wrong = EVENING + YEAR
    clock = WorkingClock(SettableClock(MORNING), last=wrong)
    assert today(clock) == wrong.date()

    clock.settle(MORNING.date())

    assert today(clock) == MORNING.date()


def test_same_day_never_goes_back_by_the_hour_of_the_device() -> None:
    device = SettableClock(MORNING)
    clock = WorkingClock(device, last=EVENING)
    device.let_pass(timedelta(hours=8))
    before = clock.now()
    device.put(-YEAR - timedelta(hours=3))
    assert clock.doubt() is not None

    clock.settle(before.date())

    assert clock.now() > before


def test_server_ends_every_doubt_and_its_time_holds_even_backwards() -> None:
    device = SettableClock(MORNING + YEAR)
    clock = WorkingClock(device, last=EVENING)
    clock.settle(device.now().date())
    assert today(clock) == date(2027, 11, 21)

    assert clock.correct(-YEAR)

    assert today(clock) == MORNING.date()
    assert not clock.correct(-YEAR + timedelta(seconds=3))


@pytest.mark.parametrize(
    ("shown", "proposed"),
    [
        (EVENING + timedelta(days=10), (EVENING + timedelta(days=10)).date()),
        (EVENING + YEAR, None),
        (EVENING - YEAR, EVENING.date()),
    ],
)
def test_day_is_proposed_only_where_it_is_likely(shown: datetime, proposed: date | None) -> None:
    doubt = WorkingClock(SettableClock(shown), last=EVENING).doubt()

    assert doubt is not None
    assert doubt.proposed == proposed


def test_counter_of_the_system_goes_on_and_names_its_start() -> None:
    clock = SystemClock()
    first, second = clock.steady(), clock.steady()

    assert first.boot == second.boot != ""
    assert first.seconds <= second.seconds
