"""Photos of two workers of one town: up with a round, down when somebody looks."""

from __future__ import annotations

import os
import socket

import pytest

from fieldapp.domain.exchange import Progress
from fieldapp.errors import BlobMissing, ServerUnreachable
from fieldapp.storage import meta
from fieldapp.usecases import exchange, files
from fieldapp.usecases.preferences import Preferences, keep_preferences
from tests.laptops import AppLaptop

Pair = tuple[AppLaptop, AppLaptop]


def photographed(laptop: AppLaptop, content: bytes) -> str:
    """A finished survey that names a photo."""
    name = files.keep_file(laptop.session, content, "jpg")
    laptop.record_survey(good=name)
    return name


def test_a_photo_goes_up_with_its_record_and_comes_down_when_somebody_looks(pair: Pair) -> None:
    first, second = pair
    content = os.urandom(300_000)
    name = photographed(first, content)

    sent = first.exchange()
    second.exchange()

    assert (sent.sent, sent.files_sent, sent.files_waiting) == (1, 1, 0)
    with pytest.raises(BlobMissing):
        files.read_file(second.session, name)
    assert files.fetch_file(second.session, name) == content
    assert files.read_file(second.session, name) == content
    assert second.exchange().files_sent == 0


def test_files_that_wait_let_the_records_go(pair: Pair) -> None:
    first, second = pair
    name = photographed(first, b"content")
    keep_preferences(first.session, Preferences(pauses_files=True))

    paused = first.exchange()
    second.exchange()

    assert (paused.sent, paused.files_sent, paused.files_waiting) == (1, 0, 1)
    with pytest.raises(BlobMissing):
        files.fetch_file(second.session, name)
    keep_preferences(first.session, Preferences())
    assert first.exchange().files_sent == 1
    assert files.fetch_file(second.session, name) == b"content"


def test_a_round_that_is_stopped_among_the_files_keeps_its_records(pair: Pair) -> None:
    first, _ = pair
    photographed(first, b"content")
    stage = ""

    def note(progress: Progress) -> None:
        nonlocal stage
        stage = progress.stage

    outcome, _ = exchange.exchange(first.session, progress=note, cancelled=lambda: stage == "files")

    assert (outcome.sent, outcome.files_sent, outcome.files_waiting) == (1, 0, 1)
    assert first.exchange().files_sent == 1


def test_a_photo_that_is_here_needs_no_server(pair: Pair) -> None:
    first, second = pair
    here, there = photographed(first, b"one"), photographed(second, b"other")
    for laptop in (first, second, first):
        laptop.exchange()
    move_to_where_nobody_answers(first)

    assert files.fetch_file(first.session, here) == b"one"
    with pytest.raises(ServerUnreachable):
        files.fetch_file(first.session, there)


def move_to_where_nobody_answers(laptop: AppLaptop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with laptop.session.store.writing() as db:
        tokens, user = meta.tokens(db), meta.server_user(db)
        assert tokens is not None
        assert user is not None
        meta.put_server(db, address=f"http://127.0.0.1:{port}", user=user, tokens=tokens)


def test_a_name_that_nothing_here_names_is_asked_of_nobody(pair: Pair) -> None:
    with pytest.raises(BlobMissing):
        files.fetch_file(pair[0].session, "ab" * 32 + ".jpg")
