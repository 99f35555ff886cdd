"""Instance XML written as text reads back as what was answered, whatever was answered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from fieldapp.forms import answers_from_xml, read_form, submission_xml
from tests.forms.making import AREAS, form_of

# What an answer may hold: XML 1.0 §2.2 without the carriage return, which answers do not keep.
_texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
        lambda letter: letter >= " " or letter in "\t\n"
    ),
    min_size=1,
)
SPACES = (
    b'<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"'
    b' xmlns:jr="http://openrosa.org/javarosa" xmlns:ours="urn:ours" xmlns:orx="urn:not-openrosa">'
    b'<h:head><h:title>t</h:title><model><instance><d xmlns="urn:d" id="d" jr:odd="1"'
    b' ours:kind="k"><q/><ours:q2/><orx:q3/><plain xmlns="urn:plain"><q4/></plain><empty/></d>'
    b'</instance></model></h:head><h:body><input ref="/d/q"><label>q</label></input></h:body>'
    b"</h:html>"
)


@given(st.dictionaries(st.sampled_from(["rooms", "areas[k]/place", "areas[k]/why"]), _texts))
@settings(max_examples=100)
def test_every_text_that_xml_can_hold_comes_back_as_it_was(answers: dict[str, str]) -> None:
    definition = form_of(AREAS)

    assert answers_from_xml(definition, submission_xml(definition, answers)) == answers


def test_what_looks_like_markup_is_an_answer_like_any_other() -> None:
    definition = form_of(AREAS)
    answers = {"areas[a<\"'&]/place": "</place><x y='\">&amp;]]>\r"}

    root = etree.fromstring(submission_xml(definition, answers))

    [place] = root.iter("place")
    assert place.text == answers["areas[a<\"'&]/place"]
    assert len(place) == 0


def test_elements_stand_in_the_namespaces_that_the_form_has_them_in() -> None:
    definition = read_form(SPACES)
    answers = dict.fromkeys(("q", "q2", "q3", "plain/q4"), "1")

    root = etree.fromstring(submission_xml(definition, answers))

    assert root.tag == "{urn:d}d"
    assert root.get("{urn:ours}kind") == "k"
    assert [element.tag for element in root.iter() if element.text == "1"] == [
        "{urn:d}q", "{urn:ours}q2", "{urn:not-openrosa}q3", "{urn:plain}q4",
    ]  # fmt: skip


def test_a_character_that_no_xml_can_hold_is_never_written() -> None:
    definition = form_of(AREAS)

    for text in ("\x00", "a\x0b", "\ufffe", "\ud800"):
        with pytest.raises(ValueError, match="no XML can hold"):
            submission_xml(definition, {"rooms": text})
