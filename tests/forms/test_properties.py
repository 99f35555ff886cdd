"""What must hold for every order of events."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.errors import AnswerRefused, ExpressionRefused, FormRefused
from fieldapp.forms import (
    Filling,
    answers_from_xml,
    compile_expression,
    parse,
    read_form,
    submission_xml,
)
from tests.forms.making import AREAS, SURVEY, form_of, surroundings, xform_of

# Whatever XML can hold: no control characters, no surrogates.
WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"),
    max_size=12,
)
DIGITS = st.sampled_from(["", "0", "1", "2", "3", "4", "5", "9", "12", "x"])

SURVEY_PATHS = st.sampled_from(
    ["batch", "serial", "mode", "helper", "items/q1", "items/q2", "items/q3", "damage",
     "damage_note"]
)  # fmt: skip
SURVEY_ANSWERS = st.lists(
    st.tuples(
        SURVEY_PATHS,
        st.one_of(DIGITS, WORDS, st.sampled_from(["self", "helped", "family"])),
    ),
    max_size=25,
)


def try_answer(filling: Filling, path: str, text: str) -> None:
    try:
        filling.answer(path, text)
    except AnswerRefused:
        return


def state(filling: Filling) -> dict[str, tuple[str | None, bool, bool, bool, bool]]:
    return {
        slot.path: (slot.value, slot.is_relevant, slot.is_readonly, slot.is_required, slot.is_valid)
        for slot in filling.tree.root.slots()
    }


class Worker:
    """Does to the checklist what a list of draws says."""

    def __init__(self, filling: Filling) -> None:
        self.filling = filling

    def do(self, action: str, place: int, text: str) -> None:
        areas = self.filling.repeat_paths("areas")
        if action == "add":
            self.filling.add_repeat("areas")
        elif action == "rooms":
            try_answer(self.filling, "rooms", text)
        elif areas:
            area = areas[place % len(areas)]
            if action == "remove":
                self.filling.remove_repeat(area)
            elif action == "part":
                self.filling.add_repeat(f"{area}/parts")
                parts = self.filling.repeat_paths(f"{area}/parts")
                try_answer(self.filling, f"{parts[-1]}/n", text)
            else:
                try_answer(self.filling, f"{area}/{action}", text)


ERRANDS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "part", "score", "score", "place", "why", "rooms"]),
        st.integers(0, 5),
        DIGITS,
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(SURVEY_ANSWERS)
def test_answering_step_by_step_is_the_same_as_recalculating_everything(
    answers: list[tuple[str, str]],
) -> None:
    filling = Filling.start(form_of(SURVEY), surroundings())
    for path, text in answers:
        try_answer(filling, path, text)
    before = state(filling)

    changed = filling.recalculate_all()

    assert state(filling) == before
    assert not changed.values


@settings(max_examples=60, deadline=None)
@given(ERRANDS)
def test_repeats_grown_and_cut_step_by_step_are_the_same_as_recalculating_everything(
    errands: list[tuple[str, int, str]],
) -> None:
    filling = Filling.start(form_of(AREAS), surroundings())
    worker = Worker(filling)
    for action, place, text in errands:
        worker.do(action, place, text)
    before = state(filling)

    changed = filling.recalculate_all()

    assert state(filling) == before
    assert not changed.values


@settings(max_examples=40, deadline=None)
@given(SURVEY_ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_answering_does_not_matter(answers: list[tuple[str, str]], dice: Any) -> None:
    last = {path: text for path, text in answers if text.isdigit() or path == "mode"}
    orders = [list(last.items()), list(last.items())]
    dice.shuffle(orders[1])
    fillings = [Filling.start(form_of(SURVEY), surroundings()) for _ in orders]
    for filling, order in zip(fillings, orders, strict=True):
        for path, text in order:
            try_answer(filling, path, text)

    assert state(fillings[0]) == state(fillings[1])


@settings(max_examples=60, deadline=None)
@given(ERRANDS, WORDS)
def test_answers_to_xml_and_back_are_the_same_answers(
    errands: list[tuple[str, int, str]], words: str
) -> None:
    definition = form_of(AREAS)
    filling = Filling.start(definition, surroundings())
    worker = Worker(filling)
    for action, place, text in errands:
        worker.do(action, place, words if action in {"place", "why"} else text)
    answers = filling.answers()

    xml = submission_xml(filling)

    assert answers_from_xml(definition, xml) == answers
    assert submission_xml(definition, answers) == xml


@settings(max_examples=40, deadline=None)
@given(ERRANDS)
def test_a_draft_loaded_again_is_the_same_filling(errands: list[tuple[str, int, str]]) -> None:
    definition = form_of(AREAS)
    filling = Filling.start(definition, surroundings())
    worker = Worker(filling)
    for action, place, text in errands:
        worker.do(action, place, text)
    draft = filling.draft_answers()

    again = Filling.resume(definition, surroundings(), draft)
    once_more = Filling.resume(definition, surroundings(), again.draft_answers())

    # An instance that nobody wrote in is not kept (F2), which only calculates can notice.
    assert typed(again) == typed(filling)
    assert state(once_more) == state(again)


def typed(filling: Filling) -> dict[str, str]:
    definition = filling.definition
    answers = filling.draft_answers()
    return {path: t for path, t in answers.items() if not definition.leaf(path).is_calculated}


TOKENS = st.lists(
    st.sampled_from(
        ["/", "//", "a", "../", ".", "[", "]", "(", ")", "1", "'x'", "+", "-", "*", "and", "or",
         "div", "=", "<", "count(", "if(", "true()", ",", "@", "::", "child::", "|", "$v", "한글",
         "node()", "text()", " ", "instance('l')", "position()", "today()", "selected(", "..", "9"]
    ),
    max_size=20,
).map("".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(TOKENS, st.text(max_size=30)))
def test_any_text_is_an_expression_or_is_refused_with_a_caret_in_it(text: str) -> None:
    definition = form_of(SURVEY)
    try:
        compiled = compile_expression(definition, text)
    except ExpressionRefused as refusal:
        column = refusal.facts["column"]
        assert isinstance(column, int)
        assert 0 <= column <= len(text)
        return
    filling = Filling.start(definition, surroundings())
    assert isinstance(compiled.string(filling), str)
    assert isinstance(compiled.boolean(filling), bool)
    assert parse(text) == parse(f"  {text}\n")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 40), st.binary(max_size=12))
def test_a_form_with_a_piece_cut_out_or_put_in_opens_or_is_refused(
    start: int, length: int, put_in: bytes
) -> None:
    xform = xform_of(SURVEY)
    start %= len(xform)
    broken = xform[:start] + put_in + xform[start + length :]
    try:
        definition = read_form(broken)
    except FormRefused:
        return
    Filling.start(definition, surroundings()).answers()


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
def test_any_bytes_are_an_instance_of_the_form_or_are_refused(xml: bytes) -> None:
    try:
        answers_from_xml(form_of(SURVEY), xml)
    except FormRefused:
        return
