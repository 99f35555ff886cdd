"""Answers that are files: only their name is an answer (F1)."""

from __future__ import annotations

import pytest

from fieldapp.errors import AnswerRefused
from fieldapp.forms import Filling, answers_from_xml, submission_xml
from fieldapp.forms.view import Question
from tests.forms.making import surroundings
from tests.forms.xforms import begun

NAME = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.jpg"


def photo(mediatype: str = "image/*") -> Filling:
    return begun(
        "<photo/>",
        '<bind nodeset="/data/photo" type="binary" orx:max-pixels="1024"/>',
        f'<upload ref="/data/photo" mediatype="{mediatype}"/>',
    )


def test_the_name_of_a_file_is_the_answer_there_and_back() -> None:
    filling = photo()
    filling.answer("photo", NAME)

    sent = answers_from_xml(filling.definition, submission_xml(filling))

    assert sent["photo"] == NAME
    assert Filling.resume(filling.definition, surroundings(), sent).value("photo") == NAME


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/a.jpg", ".hidden", "a\\b.jpg", "c:d"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    filling = photo()

    with pytest.raises(AnswerRefused):
        filling.answer("photo", name)

    assert filling.value("photo") == ""


def test_a_file_is_taken_away_by_answering_nothing() -> None:
    filling = photo()
    filling.answer("photo", NAME)

    filling.answer("photo", "")

    assert "photo" not in filling.answers()


def test_what_a_window_needs_to_know_of_a_file_stands_with_the_question() -> None:
    question = photo("image/png").body[0]

    assert isinstance(question, Question)
    assert question.control == "upload"
    assert question.attributes["mediatype"] == "image/png"
    assert question.attributes["max-pixels"] == "1024"
