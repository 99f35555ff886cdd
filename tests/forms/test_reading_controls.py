"""Controls as hand-written forms and other builders write them (ODK XForms, body)."""

from __future__ import annotations

import pytest

from fieldapp.forms import Filling, FormDefinition, Question, Repeat, read_form
from tests.forms.making import surroundings
from tests.forms.plain import form, xform

GROUPED = "<g><a/><h><b/></h></g>"
REPEATED = '<r jr:template=""><a/><s><b/></s></r>'


def paths(definition: FormDefinition) -> list[tuple[str, str | None]]:
    return [(c.kind, c.path) for top in definition.body for c in top.walk()]


def opened(definition: FormDefinition) -> Filling:
    return Filling.start(definition, surroundings())


@pytest.mark.parametrize(
    "inner", ["a", "./a", "current()/a", "/data/g/a", "../g/a", "/data/x/../g/a"]
)
def test_a_reference_is_relative_to_the_group_around_it(inner: str) -> None:
    definition = form(instance=GROUPED, body=f'<group ref="/data/g"><input ref="{inner}"/></group>')

    assert paths(definition) == [("group", "g"), ("input", "g/a")]


def test_a_group_without_a_reference_hands_on_the_one_around_it() -> None:
    body = """<group ref="/data/g"><group><label>둘</label><group ref="h"><input ref="b"/></group>
      <input ref="a"/></group></group>"""

    definition = form(instance=GROUPED, body=body)

    assert [path for kind, path in paths(definition) if kind == "input"] == ["g/h/b", "g/a"]


def test_a_repeat_is_named_relative_to_what_is_around_it_and_by_either_attribute() -> None:
    body = """<group ref="/data/g"><repeat ref="r"><input nodeset="a"/></repeat></group>"""

    definition = form(instance="<g><r><a/></r></g>", body=body)

    assert paths(definition) == [("group", "g"), ("repeat", "g/r"), ("input", "g/r/a")]
    assert definition.leaf("g/r/a").repeats == ("g/r",)


def test_a_template_that_no_repeat_claims_is_a_group() -> None:
    definition = form(instance=REPEATED, body='<input ref="/data/r/a"/>')

    assert definition.leaf("r/a").repeats == ()
    assert opened(definition).value("r/a") == ""


def test_a_repeat_may_be_fixed_counted_and_appear_as_it_likes() -> None:
    body = """<repeat nodeset="/data/r" jr:count=" 3 " jr:noAddRemove="true( )"
      appearance="  compact   field-list "/>"""

    (repeat,) = form(instance=REPEATED, body=body).body

    assert repeat.is_fixed
    assert repeat.count is not None
    assert repeat.appearance == "compact field-list"


def test_a_repeat_that_may_change_is_not_fixed() -> None:
    (repeat,) = form(
        instance=REPEATED, body='<repeat nodeset="/data/r" jr:noAddRemove="false()"/>'
    ).body

    assert not repeat.is_fixed


def test_a_form_hands_over_the_style_words_of_its_body() -> None:
    definition = form()
    assert definition.classes == ()

    styled = xform().replace(b"<h:body>", b'<h:body class=" pages  theme-grid pages">')

    assert read_form(styled).classes == ("pages", "theme-grid")


@pytest.mark.parametrize(
    ("start", "end", "step"), [("-10", "10", "5"), ("0.5", "2.5", "0.25"), ("10", "-10", "-2.5")]
)
def test_bounds_of_a_range_are_handed_over_as_written(start: str, end: str, step: str) -> None:
    definition = form(
        body=f'<range ref="/data/a" start="{start}" end="{end}" step="{step}"/>',
    )

    (question,) = opened(definition).body
    assert isinstance(question, Question)
    assert {name: question.attributes[name] for name in ("start", "end", "step")} == {
        "start": start,
        "end": end,
        "step": step,
    }


def test_every_control_of_the_specification_is_read_with_its_attributes() -> None:
    body = """
      <input ref="/data/a" rows="5" accuracyThreshold="10" autoplay="audio"/>
      <secret ref="/data/b"/>
      <trigger ref="/data/c"/>
      <upload ref="/data/d" mediatype="image/*" accept=".jpg,.png"/>
      <odk:rank ref="/data/e"><itemset nodeset="instance('l')/root/item">
        <value ref="name"/><label ref="label"/></itemset></odk:rank>
      <select ref="/data/f"><item><label>가</label><value>a</value></item></select>
      <range ref="/data/g" start="1" end="5" step="1" appearance="rating"/>"""
    items = "<item><name>x</name><label>엑스</label></item>"

    definition = form(
        instance="<a/><b/><c/><d/><e/><f/><g/>",
        model=f'<instance id="l"><root>{items}</root></instance>',
        body=body,
    )

    assert paths(definition) == [
        ("input", "a"),
        ("secret", "b"),
        ("trigger", "c"),
        ("upload", "d"),
        ("rank", "e"),
        ("select", "f"),
        ("range", "g"),
    ]
    assert dict(definition.body[0].attributes) == {
        "rows": "5",
        "accuracyThreshold": "10",
        "autoplay": "audio",
    }
    assert dict(definition.body[3].attributes) == {"mediatype": "image/*", "accept": ".jpg,.png"}
    assert definition.remarks == ()


def test_what_is_uploaded_is_a_file_whether_its_bind_says_so_or_not() -> None:
    definition = form(
        model='<bind nodeset="/data/b" required="true()"/>',
        body='<upload ref="/data/a" mediatype="audio/*"/><upload ref="/data/b"/>',
    )

    assert definition.leaf("a").data_type == "binary"
    assert definition.leaf("b").data_type == "binary"
    assert definition.binds["b"].required is not None


@pytest.mark.parametrize(
    ("written", "data_type"),
    [
        ("string", "string"),
        ("xsd:string", "string"),
        ("int", "int"),
        ("integer", "int"),
        ("xsd:int", "int"),
        ("decimal", "decimal"),
        ("boolean", "boolean"),
        ("date", "date"),
        ("time", "time"),
        ("dateTime", "dateTime"),
        ("xsd:dateTime", "dateTime"),
        ("geopoint", "geopoint"),
        ("geotrace", "geotrace"),
        ("geoshape", "geoshape"),
        ("barcode", "barcode"),
        ("binary", "binary"),
        ("select", "select"),
        ("select1", "select1"),
        ("rank", "rank"),
        ("odk:rank", "rank"),
        ("intent", "string"),
        ("", "string"),
    ],
)
def test_every_type_of_the_specification_is_known(written: str, data_type: str) -> None:
    definition = form(model=f'<bind nodeset="/data/a" type="{written}"/>')

    assert definition.leaf("a").data_type == data_type
    assert definition.remarks == ()


def test_an_itemset_is_named_by_either_attribute_and_needs_no_label() -> None:
    items = "<item><name>x</name></item><item><name>y</name></item>"
    definition = form(
        model=f'<instance id="l"><root>{items}</root></instance>',
        body="""<select1 ref="/data/a"><itemset ref="instance('l')/root/item"/></select1>""",
    )

    (question,) = opened(definition).body
    assert isinstance(question, Question)
    assert [(choice.value, choice.label) for choice in question.choices] == [
        ("x", "x"),
        ("y", "y"),
    ]


def test_an_itemset_of_the_repeat_around_it_is_relative_to_the_question() -> None:
    definition = form(
        instance="<pick/><r><n>a</n></r><r><n>b</n></r>",
        body="""<select1 ref="/data/pick"><itemset nodeset="../r[n != '']"><value ref="n"/>
          <label ref="n"/></itemset></select1>
          <repeat nodeset="/data/r"><input ref="n"/></repeat>""",
    )

    pick, repeat = opened(definition).body
    assert isinstance(pick, Question)
    assert isinstance(repeat, Repeat)
    assert [choice.value for choice in pick.choices] == ["a", "b"]
    assert len(repeat.instances) == 2


@pytest.mark.parametrize("namespace", ["http://openrosa.org/xforms", "http://openrosa.org/xforms/"])
def test_meta_in_either_spelling_of_its_namespace_is_found_by_every_prefix(namespace: str) -> None:
    content = xform(
        instance="<a/><orx2:meta><orx2:instanceID/><orx2:timeStart/></orx2:meta>",
        model='<bind nodeset="/data/orx2:meta/orx2:timeStart" jr:preload="timestamp"'
        ' jr:preloadParams="start"/>'
        '<bind nodeset="/data/a" calculate="/data/orx2:meta/orx2:timeStart"/>',
    ).replace(b"<h:head>", f'<h:head xmlns:orx2="{namespace}">'.encode())

    filling = opened(read_form(content))

    assert filling.value("meta/timeStart") != ""
    assert filling.value("a") == filling.value("meta/timeStart")


def test_a_default_namespace_of_the_instance_is_none_to_expressions() -> None:
    content = xform(
        model='<bind nodeset="/data/b" calculate="concat(/data/a, \'!\')"/>',
        body='<input ref="/data/a"/>',
    ).replace(b'<data id="t"', b'<data xmlns="urn:my-form" id="t"')

    filling = opened(read_form(content))
    filling.answer("a", "x")

    assert filling.value("b") == "x!"


def test_a_form_without_a_title_is_called_by_its_id() -> None:
    assert read_form(xform().replace(b"<h:title>t</h:title>", b"")).title == "t"
    assert read_form(xform().replace(b"<h:title>t</h:title>", b"<h:title> </h:title>")).title == "t"
