"""Attributes of the instance: bound ones are answers, the others stand as the form has them."""

from __future__ import annotations

from lxml import etree

from fieldapp.forms import Filling, answers_from_xml, submission_xml
from tests.forms.making import surroundings
from tests.forms.xforms import begun, defined

LENGTH = ('<len unit="cm" scale="">7</len>', '<bind nodeset="/data/len/@scale" {}/>',
          '<input ref="/data/len"/>')  # fmt: skip


def length(scale: str) -> Filling:
    return begun(LENGTH[0], LENGTH[1].format(scale), LENGTH[2])


def test_a_bound_attribute_is_calculated_and_sent() -> None:
    filling = length('calculate="/data/len * 10"')
    filling.answer("len", "12")

    assert filling.answers()["len/@scale"] == "120"
    sent = etree.fromstring(submission_xml(filling)).find("len")
    assert sent is not None
    assert {str(name): str(value) for name, value in sent.items()} == {
        "unit": "cm",
        "scale": "120",
    }


def test_an_attribute_without_a_bind_is_no_answer_and_is_sent_as_written() -> None:
    filling = length('calculate="1"')

    assert "len/@unit" not in filling.answers()
    assert b'unit="cm"' in submission_xml(filling)


def test_an_attribute_that_an_action_sets_is_kept_without_a_bind() -> None:
    filling = begun(
        '<pet id=""/>',
        '<setvalue event="odk-instance-first-load" ref="/data/pet/@id" value="uuid()"/>',
    )
    given = filling.value("pet/@id")

    again = answers_from_xml(filling.definition, submission_xml(filling))

    assert given
    assert Filling.resume(filling.definition, surroundings(), again).value("pet/@id") == given
    assert Filling.edit(filling.definition, surroundings(), again).value("pet/@id") == given


def test_an_expression_may_ask_an_attribute() -> None:
    filling = begun(
        '<len unit="cm">7</len><note/>',
        '<bind nodeset="/data/note" calculate="concat(/data/len, \' \', /data/len/@unit)"/>',
    )

    assert filling.value("note") == "7 cm"


def test_answers_of_attributes_come_back_from_the_xml() -> None:
    filling = length('type="int"')
    filling.answer("len/@scale", "3")

    again = answers_from_xml(filling.definition, submission_xml(filling))

    assert again == filling.answers()
    assert Filling.resume(filling.definition, surroundings(), again).value("len/@scale") == "3"


def test_the_version_of_a_form_goes_with_every_answer_sheet() -> None:
    form = defined("<a/>")
    sent = etree.fromstring(submission_xml(Filling.start(form, surroundings())))

    assert sent.get("id") == "t"
