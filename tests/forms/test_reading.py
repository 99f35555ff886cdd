"""What a definition says of a form, and how a bad form is refused."""

from __future__ import annotations

import pytest

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms import FormDefinition, read_form
from fieldapp.messages import message_for
from tests.forms.making import AREAS, SURVEY, form_of, survey_of, xform_of

MINIMAL = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>
 <instance><data id="t" version="1"><a/><b/></data></instance>{binds}</model></h:head>
 <h:body>{body}</h:body></h:html>"""


def minimal(binds: str = "", body: str = "") -> bytes:
    return MINIMAL.format(binds=binds, body=body).encode()


def refusal_of(xform: bytes) -> dict[str, object]:
    with pytest.raises(FormRefused) as caught:
        read_form(xform)
    return caught.value.facts


def test_a_definition_tells_what_the_workbook_said() -> None:
    definition = form_of(SURVEY)

    assert (definition.form_id, definition.version) == ("P13e", "2026120101")
    assert definition.title == "가사서비스 이용만족도"
    assert definition.languages == ("한국어 (ko)", "English (en)")
    assert definition.default_language == "한국어 (ko)"
    assert definition.paths["q1"] == "items/q1"
    assert definition.leaf("serial").data_type == "int"
    assert definition.leaf("answered").is_calculated
    assert definition.leaf("notice").is_readonly
    assert definition.leaf("today").is_metadata
    assert definition.leaf("meta/instanceID").is_metadata
    assert definition.remarks == ()


def test_a_leaf_knows_the_repeats_around_it_whether_asked_with_keys_or_without() -> None:
    definition = form_of(AREAS)

    assert definition.leaf("areas/parts/n").repeats == ("areas", "areas/parts")
    assert definition.leaf("areas[x]/parts[n1]/n") == definition.leaf("areas/parts/n")


def test_a_definition_kept_as_bytes_comes_back_the_same() -> None:
    definition = form_of(SURVEY)

    again = FormDefinition.from_bytes(definition.to_bytes())

    assert again.leaves == definition.leaves
    assert again.binds == definition.binds
    assert again.body == definition.body


def test_instance_id_in_a_foreign_prefix_is_answered_at_the_usual_path() -> None:
    xform = xform_of("| survey |\n| | type | name | label |\n| | text | a | A |\n").replace(
        b"<meta>", b"<orx:meta>"
    )
    xform = xform.replace(b"</meta>", b"</orx:meta>").replace(
        b"<instanceID/>", b"<orx:instanceID/>"
    )
    xform = xform.replace(b"/meta/instanceID", b"/orx:meta/orx:instanceID")

    assert read_form(xform).leaf("meta/instanceID").is_metadata


@pytest.mark.parametrize(
    ("xform", "reason"),
    [
        (b"", FormReason.NOT_XML),
        (b"PK\x03\x04 a workbook", FormReason.NOT_XML),
        (b"<a><b></a>", FormReason.NOT_XML),
        (b"<html/>", FormReason.NO_MODEL),
        (minimal().replace(b"<data", b"<!--").replace(b"</data>", b"-->"), FormReason.NO_INSTANCE),
        (b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", FormReason.HOSTILE_XML),
        (b"<!DOCTYPE a SYSTEM 'http://example.org/a.dtd'><a/>", FormReason.HOSTILE_XML),
        (b"<a>" * 200 + b"</a>" * 200, FormReason.TOO_DEEP),
        (b"<a>" * 10_000 + b"</a>" * 10_000, FormReason.TOO_DEEP),
    ],
)
def test_what_is_no_form_is_refused_with_the_reason(xform: bytes, reason: FormReason) -> None:
    assert refusal_of(xform)["reason"] == reason


def test_an_entity_that_multiplies_is_refused_before_it_grows() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY e0 "ha">{levels}]><a>&e9;</a>'.encode()

    assert refusal_of(bomb)["reason"] in {FormReason.HOSTILE_XML, FormReason.NOT_XML}


def test_a_file_outside_the_form_is_never_read() -> None:
    xform = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>'

    assert refusal_of(xform)["reason"] == FormReason.HOSTILE_XML


@pytest.mark.parametrize(
    "attribute", ["relevant", "calculate", "constraint", "required", "readonly"]
)
def test_a_bad_expression_is_refused_with_form_node_text_and_caret(attribute: str) -> None:
    facts = refusal_of(minimal(f'<bind nodeset="/data/a" {attribute}="/data/b + frobnicate(1)"/>'))

    assert facts == {
        "form": "t",
        "node": "/data/a",
        "expression": "/data/b + frobnicate(1)",
        "column": 10,
        "reason": FormReason.UNKNOWN_FUNCTION,
        "name": "frobnicate",
    }


def test_a_bad_expression_in_an_output_is_refused_when_the_form_is_read() -> None:
    label = '<input ref="/data/a"><label>x <output value="nonsense()"/></label></input>'

    assert refusal_of(minimal(body=label))["reason"] == FormReason.UNKNOWN_FUNCTION


def test_a_ring_of_calculates_is_refused_with_the_names_in_it() -> None:
    facts = refusal_of(
        minimal(
            '<bind nodeset="/data/a" calculate="/data/b + 1"/>'
            '<bind nodeset="/data/b" calculate="/data/a + 1"/>'
        )
    )

    assert facts["reason"] == FormReason.CYCLE
    assert set(str(facts["name"]).split(" → ")) == {"a", "b"}


def test_a_calculate_may_look_at_its_own_node() -> None:
    read_form(minimal("""<bind nodeset="/data/a" calculate="if(. = '', 'first', .)"/>"""))


def test_a_refusal_is_told_in_korean() -> None:
    with pytest.raises(FormRefused) as caught:
        read_form(minimal('<bind nodeset="/data/a" relevant="foo("/>'))

    told = message_for(caught.value).as_text()
    assert "/data/a" in told
    assert "식이 끝나지 않았습니다" in told


def test_every_kind_of_control_is_read_and_left_to_the_window() -> None:
    definition = survey_of(
        "| | image | photo | 사진 | | | |\n| | range | r | 범위 | | | |\n"
        "| | acknowledge | ok | 확인 | | | |\n| | geopoint | place | 곳 | | | |\n"
        "| | rank kinds | order | 순서 | | | |",
        choices="| | kinds | a | 가 | |\n| | kinds | b | 나 | |\n",
    )

    assert [(c.kind, definition.leaf(c.path or "").data_type) for c in definition.body] == [
        ("upload", "binary"),
        ("range", "int"),
        ("trigger", "string"),
        ("input", "geopoint"),
        ("rank", "rank"),
    ]
