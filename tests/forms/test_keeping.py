"""What is kept of a form version is the form version."""

from __future__ import annotations

import pickle
from dataclasses import fields

from fieldapp.forms import Filling, FormDefinition, submission_xml
from tests.forms.making import AREAS, SURVEY, form_of, surroundings


def test_a_definition_out_of_the_cache_says_what_the_one_that_was_read_says() -> None:
    for sheet in (SURVEY, AREAS):
        read = form_of(sheet)
        kept = FormDefinition.from_bytes(read.to_bytes())

        # Nodes are themselves and equal to no other; they are compared as what they say.
        for field in fields(FormDefinition):
            if field.name not in {"root", "instances"}:
                assert getattr(kept, field.name) == getattr(read, field.name), field.name
        assert list(kept.nodes) == list(read.nodes)
        assert kept.leaves == read.leaves


def test_a_definition_out_of_the_cache_is_filled_like_the_one_that_was_read() -> None:
    read = form_of(SURVEY)
    written = []
    for definition in (read, FormDefinition.from_bytes(read.to_bytes())):
        filling = Filling.start(definition, surroundings())
        for path, text in (("serial", "7"), ("mode", "helped"), ("items/q1", "4")):
            filling.answer(path, text)
        written.append(submission_xml(filling))

    assert written[0] == written[1]


def test_what_was_worked_out_of_a_definition_is_not_kept() -> None:
    read = form_of(AREAS)
    before = read.to_bytes()
    Filling.start(read, surroundings())
    _ = read.leaves, read.paths

    assert len(read.to_bytes()) == len(before)


def test_the_kept_form_is_smaller_than_what_pickle_alone_makes_of_it() -> None:
    read = form_of(SURVEY)

    assert len(read.to_bytes()) < len(pickle.dumps(read, protocol=pickle.HIGHEST_PROTOCOL))
