"""Wrong passwords cost time, right ones none, and no clock buys it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.clock import KOREA
from fieldapp.errors import RecoveryNeeded, TooManyAttempts
from fieldapp.storage import attempts

NOON = datetime(2026, 11, 30, 12, 0, tzinfo=KOREA)
SECOND = timedelta(seconds=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "attempts.json"


def fail(path: Path, times: int, at: datetime = NOON) -> datetime:
    """So many wrong passwords, each as soon as it may be tried. Returns the instant of the last."""
    for _ in range(times):
        at += timedelta(seconds=attempts.wait_s(path))
        attempts.begin(path, at, can_recover=False)
    return at


def test_waits_grow_as_they_are_promised() -> None:
    waits = [attempts.wait_after_s(count) for count in range(12)]

    assert waits == [0, 0, 0, 5, 30, 300, 600, 1200, 2400, 3600, 3600, 3600]
    assert attempts.wait_after_s(1_000_000) == 3600


@pytest.mark.parametrize("count", [3, 4, 5, 6, 9])
def test_no_password_is_tried_before_the_wait_is_over_and_one_right_after(
    path: Path, count: int
) -> None:
    last = fail(path, count)
    wait = timedelta(seconds=attempts.wait_s(path))

    with pytest.raises(TooManyAttempts) as refused:
        attempts.begin(path, last + wait - SECOND, can_recover=True)
    assert refused.value.facts["seconds"] == 1
    attempts.begin(path, last + wait, can_recover=True)


def test_asking_again_during_the_wait_does_not_lengthen_it(path: Path) -> None:
    last = fail(path, 3)

    for second in range(5):
        with pytest.raises(TooManyAttempts) as refused:
            attempts.begin(path, last + second * SECOND, can_recover=True)
        assert refused.value.facts["seconds"] == 5 - second
    attempts.begin(path, last + 5 * SECOND, can_recover=True)


def test_clock_set_back_begins_the_wait_anew_and_never_shortens_it(path: Path) -> None:
    last = fail(path, 5)
    earlier = last - timedelta(days=365)

    with pytest.raises(TooManyAttempts) as refused:
        attempts.begin(path, earlier, can_recover=True)
    assert refused.value.facts["seconds"] == 300
    with pytest.raises(TooManyAttempts):
        attempts.begin(path, earlier + 299 * SECOND, can_recover=True)
    attempts.begin(path, earlier + 300 * SECOND, can_recover=True)


def test_tenth_wrong_password_leaves_only_the_recovery_code(path: Path) -> None:
    last = fail(path, attempts.MOST_ATTEMPTS)

    with pytest.raises(RecoveryNeeded):
        attempts.begin(path, last + timedelta(days=30), can_recover=True)


def test_nobody_is_locked_out_for_good_where_no_recovery_was_prepared(path: Path) -> None:
    last = fail(path, 30)

    with pytest.raises(TooManyAttempts):
        attempts.begin(path, last + timedelta(minutes=59), can_recover=False)
    attempts.begin(path, last + timedelta(hours=1), can_recover=False)


def test_right_password_ends_the_waiting_and_keeps_the_failures_for_the_log(path: Path) -> None:
    last = fail(path, 4)
    attempts.begin(path, last + 30 * SECOND, can_recover=True)
    attempts.succeed(path)

    assert attempts.failures(path) == (NOON, NOON, NOON, NOON + 5 * SECOND)
    assert attempts.wait_s(path) == 0
    attempts.forget_failures(path)
    assert attempts.failures(path) == ()
    assert not path.exists()


def test_attempt_without_a_judgement_is_taken_back(path: Path) -> None:
    fail(path, 3)
    attempts.begin(path, NOON + 5 * SECOND, can_recover=True)
    attempts.take_back(path)

    with pytest.raises(TooManyAttempts):
        attempts.begin(path, NOON + 4 * SECOND, can_recover=True)
    assert attempts.failures(path) == (NOON,) * 3


def test_failures_that_nobody_collects_stay_few(path: Path) -> None:
    last = fail(path, 80)

    assert len(attempts.failures(path)) == 50
    assert attempts.failures(path)[-1] == last
    assert path.stat().st_size < 4_096


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'{"count":-1}', b"[" * 60_000])
def test_damaged_file_counts_nothing_and_keeps_nobody_out(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    attempts.begin(path, NOON, can_recover=True)

    assert attempts.failures(path) == (NOON,)


def test_folder_that_cannot_be_written_keeps_nobody_out(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "attempts.json"

    attempts.begin(nowhere, NOON, can_recover=True)
    attempts.succeed(nowhere)


@settings(max_examples=60)
@given(steps=st.lists(st.integers(-7_200, 7_200), max_size=40))
def test_however_the_clock_jumps_a_wait_lasts_what_it_should(
    steps: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Model: between two attempts that were tried, the clock ran at least the wait since it was
    last seen to jump back."""
    path = tmp_path_factory.mktemp("attempts") / "attempts.json"
    now, began, count = NOON, NOON, 0
    for step in steps:
        now += step * SECOND
        began = min(began, now)
        wait = timedelta(seconds=attempts.wait_after_s(count))
        if now - began < wait:
            with pytest.raises(TooManyAttempts):
                attempts.begin(path, now, can_recover=False)
        else:
            attempts.begin(path, now, can_recover=False)
            count, began = count + 1, now
