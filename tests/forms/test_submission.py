"""Instance XML: namespaces, what is left out, what other clients send."""

from __future__ import annotations

import pytest
from lxml import etree

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms import Filling, answers_from_xml, read_form, submission_xml
from tests.forms.making import RECORD_ID, SURVEY, form_of, surroundings, xform_of


def test_the_irrelevant_and_the_empty_are_absent(survey: Filling) -> None:
    survey.answer("mode", "helped")
    survey.answer("helper", "family")
    survey.answer("mode", "self")

    root = etree.fromstring(submission_xml(survey))

    assert [child.tag for child in root] == ["today", "mode", "answered", "meta"]
    assert (root.get("id"), root.get("version")) == ("P13e", "2026120101")


def test_a_form_in_a_namespace_of_its_own_is_sent_in_it() -> None:
    xform = xform_of(SURVEY).replace(b'<data id="P13e"', b'<data xmlns="urn:x:1" id="P13e"')
    definition = read_form(xform)
    filling = Filling.start(definition, surroundings())
    filling.answer("serial", "3")

    xml = submission_xml(filling)

    assert etree.fromstring(xml).tag == "{urn:x:1}data"
    assert answers_from_xml(definition, xml) == filling.answers()


def test_markup_in_an_answer_stays_an_answer(survey: Filling) -> None:
    survey.answer("batch", "<b>&amp; ]]> \"'</b>\n둘째 줄")

    assert answers_from_xml(form_of(SURVEY), submission_xml(survey)) == survey.answers()


def test_elements_that_the_form_does_not_have_are_answers_at_unknown_paths() -> None:
    xml = b'<data id="P13e"><serial>1</serial><extra><deep>x</deep></extra></data>'

    assert answers_from_xml(form_of(SURVEY), xml) == {"serial": "1", "extra/deep": "x"}


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (b"<other/>", FormReason.NOT_THIS_FORM),
        (b"", FormReason.NOT_XML),
        (b"<!DOCTYPE d [<!ENTITY e 'x'>]><data>&e;</data>", FormReason.HOSTILE_XML),
    ],
)
def test_what_is_no_instance_of_the_form_is_refused(xml: bytes, reason: FormReason) -> None:
    with pytest.raises(FormRefused) as caught:
        answers_from_xml(form_of(SURVEY), xml)

    assert caught.value.facts["reason"] == reason


def test_a_new_record_bears_its_id_and_a_restored_one_the_id_that_it_had(survey: Filling) -> None:
    again = Filling.resume(
        form_of(SURVEY), surroundings(), {"meta/instanceID": "uuid:someone-else"}
    )

    assert survey.value("meta/instanceID") == f"uuid:{RECORD_ID}"
    assert again.value("meta/instanceID") == "uuid:someone-else"
