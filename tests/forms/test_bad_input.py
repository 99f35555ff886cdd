"""Forms that are broken, enormous or hostile: each is refused by name, in Korean, at once."""

from __future__ import annotations

import pytest

from fieldapp.errors import FieldAppError, FormReason, FormRefused
from fieldapp.forms import Filling, answers_from_xml, read_form
from fieldapp.forms.reading.model import MOST_NODES
from fieldapp.messages import message_for
from tests.forms.making import surroundings
from tests.forms.plain import form, xform


def refused(content: bytes) -> FormRefused:
    """The refusal of a form; told in three sentences or more, none of them with a hole."""
    with pytest.raises(FormRefused) as caught:
        read_form(content)
    told = message_for(caught.value).as_text()
    assert "니다" in told
    assert "{" not in told.replace("${", "")
    return caught.value


def reason_of(content: bytes) -> object:
    return refused(content).facts["reason"]


# The file


@pytest.mark.parametrize(
    "content",
    [b"", b" ", b"\0" * 100, b"PK\x03\x04", b"<a><b></a>", b"<a", b"a,b\n", b"<a b='' b=''/>"],
    ids=["nothing", "a space", "zeros", "a workbook", "crossed tags", "half a tag", "a table",
         "an attribute twice"],
)  # fmt: skip
def test_what_is_no_xml_is_refused(content: bytes) -> None:
    assert reason_of(content) == FormReason.NOT_XML


def test_broken_xml_is_refused_with_its_line_and_column() -> None:
    assert refused(b"<a>\n <b></a>").facts["node"] == "2:9"


@pytest.mark.parametrize("name", ["cp949", "latin-1"])
def test_bytes_in_another_encoding_than_declared_are_refused(name: str) -> None:
    text = xform().decode().replace("<h:title>t", "<h:title>é")
    content = f'<?xml version="1.0" encoding="utf-8"?>{text}'.encode(name, errors="replace")
    if name == "cp949":
        content = content.replace(b"?<", "가".encode("cp949") + b"<")

    assert reason_of(content) in {FormReason.BAD_ENCODING, FormReason.NOT_XML}


def test_an_encoding_that_nobody_knows_is_refused() -> None:
    content = b'<?xml version="1.0" encoding="klingon"?>' + xform()

    assert reason_of(content) == FormReason.BAD_ENCODING


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "euc-kr"])
def test_a_form_in_an_encoding_that_it_declares_is_read(name: str) -> None:
    declared = {"utf-8-sig": "utf-8"}.get(name, name)
    text = xform().decode().replace("<h:title>t", "<h:title>가상 서식")

    content = f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(name)

    assert read_form(content).title == "가상 서식"


def test_a_form_of_a_hundred_megabytes_is_refused_unparsed() -> None:
    padding = b"<!--" + b" " * (100 * 1024 * 1024) + b"-->"

    assert reason_of(xform().replace(b"<model>", padding + b"<model>")) == FormReason.TOO_LARGE


def test_a_form_of_millions_of_tags_is_refused_unparsed() -> None:
    content = xform(body="<group/>" * 1_500_001)

    assert reason_of(content) == FormReason.TOO_LARGE


@pytest.mark.parametrize("depth", [101, 300, 10_000])
def test_nesting_is_refused_at_the_hundredth_level(depth: int) -> None:
    assert reason_of(xform(body="<group>" * depth + "</group>" * depth)) == FormReason.TOO_DEEP


def test_ninety_groups_in_each_other_are_read() -> None:
    depth = 90

    definition = form(body="<group>" * depth + '<input ref="/data/a"/>' + "</group>" * depth)

    assert sum(1 for _ in definition.body[0].walk()) == depth + 1


def test_a_hundred_thousand_questions_and_more_are_refused() -> None:
    leaves = "".join(f"<q{n}/>" for n in range(MOST_NODES + 1))

    assert reason_of(xform(instance=leaves)) == FormReason.TOO_LARGE


@pytest.mark.parametrize("part", ["model", "body"])
def test_more_binds_or_controls_than_a_form_can_have_nodes_are_refused(part: str) -> None:
    one = {"model": '<bind nodeset="/data/a"/>', "body": '<input ref="/data/a"/>'}[part]

    assert reason_of(xform(**{part: one * (MOST_NODES + 2)})) == FormReason.TOO_LARGE


def test_thousands_of_expressions_on_thousands_of_nodes_each_are_refused() -> None:
    nodes, sums = 1_200, range(900)
    binds = (f'<bind nodeset="/data/q{n}" relevant="sum(/data/*) &gt; 0"/>' for n in sums)

    content = xform(instance="".join(f"<q{n}/>" for n in range(nodes)), model="".join(binds))

    assert reason_of(content) == FormReason.TOO_MUCH_WORK


def test_names_that_add_up_to_endless_paths_are_refused() -> None:
    names = [f"n{'x' * 400}{depth}" for depth in range(5)]
    nested = "".join(f"<{n}>" for n in names) + "".join(f"</{n}>" for n in reversed(names))

    assert reason_of(xform(instance=nested)) == FormReason.TOO_LARGE


# Hostile


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE a [<!ENTITY e "x">]>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
        '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a [<!ENTITY % e SYSTEM "http://example.org/e.dtd"> %e;]>',
        "<!DOCTYPE html>",
    ],
    ids=["entity", "outer dtd", "file", "parameter entity", "bare"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_whatever_it_says(head: str, encoding: str) -> None:
    assert reason_of((head + xform().decode()).encode(encoding)) == FormReason.HOSTILE_XML


def test_an_entity_that_multiplies_is_refused_before_it_grows() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE a [<!ENTITY e0 "ha">{levels}]><a b="&e11;">&e11;</a>'

    assert reason_of(bomb.encode()) == FormReason.HOSTILE_XML


def test_a_file_that_an_inclusion_names_is_never_read() -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname"/>'

    definition = form(instance=f"<a>{include}</a>")

    assert definition.leaf("a/include").data_type == "string"


# The parts of a form


@pytest.mark.parametrize(
    ("was", "is_", "reason"),
    [
        (b"<model>", b"<model/><other>", FormReason.NO_INSTANCE),
        (b"model>", b"modell>", FormReason.NO_MODEL),
        (b"h:head>", b"h:skull>", FormReason.NO_MODEL),
        (b"h:body>", b"h:legs>", FormReason.NO_BODY),
        (b"instance>", b"insistence>", FormReason.NO_INSTANCE),
    ],
)
def test_a_form_without_one_of_its_parts_is_refused(
    was: bytes, is_: bytes, reason: FormReason
) -> None:
    content = xform().replace(was, is_)
    if is_ == b"<model/><other>":
        content = content.replace(b"</model>", b"</other>")

    assert reason_of(content) == reason


def test_an_instance_without_a_root_is_refused() -> None:
    content = xform().replace(b"<data ", b"<!-- ").replace(b"</data>", b" -->")

    assert reason_of(content) == FormReason.NO_INSTANCE


def test_two_lists_of_one_name_are_refused_by_name() -> None:
    lists = '<instance id="x"><root/></instance>' * 2

    facts = refused(xform(model=lists)).facts

    assert (facts["form"], facts["node"]) == ("t", "instance('x')")
    assert (facts["reason"], facts["name"]) == (FormReason.DUPLICATE_NAME, "x")


def test_two_translations_of_one_language_are_refused_by_name() -> None:
    itext = "<itext>" + '<translation lang="한국어"/>' * 2 + "</itext>"

    facts = refused(xform(model=itext)).facts

    assert (facts["reason"], facts["name"]) == (FormReason.DUPLICATE_NAME, "한국어")


@pytest.mark.parametrize("start", ["1..0", "-2.0.1", "ten", "1e3", "$a"])
def test_bounds_of_a_range_that_are_no_numbers_are_refused(start: str) -> None:
    body = f'<range ref="/data/a" start="{start}" end="10" step="1"/>'

    facts = refused(xform(body=body)).facts

    assert (facts["node"], facts["reason"], facts["name"]) == (
        "/data/a",
        FormReason.BAD_BOUND,
        start,
    )


@pytest.mark.parametrize("media", [".jpg", "image", "image/", "/*"])
def test_an_upload_of_no_kind_of_file_is_refused(media: str) -> None:
    body = f'<upload ref="/data/a" mediatype="{media}"/>'

    assert reason_of(xform(body=body)) == FormReason.BAD_MEDIA


# Expressions


def in_bind(expression: str, attribute: str = "calculate") -> bytes:
    written = expression.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return xform(model=f'<bind nodeset="/data/a" {attribute}="{written}"/>')


@pytest.mark.parametrize(
    "attribute", ["relevant", "calculate", "constraint", "required", "readonly"]
)
def test_a_function_that_nobody_knows_is_refused_with_form_node_text_and_caret(
    attribute: str,
) -> None:
    refusal = refused(in_bind("/data/b + frobnicate(1)", attribute))

    assert refusal.facts == {
        "form": "t",
        "node": "/data/a",
        "expression": "/data/b + frobnicate(1)",
        "column": 10,
        "reason": FormReason.UNKNOWN_FUNCTION,
        "name": "frobnicate",
    }
    assert "/data/b + ▶frobnicate(1)" in message_for(refusal).as_text()


@pytest.mark.parametrize(
    ("expression", "reason", "column"),
    [
        ("1 +", FormReason.ENDS_EARLY, 3),
        ("(1", FormReason.ENDS_EARLY, 2),
        ("1 2", FormReason.UNEXPECTED, 2),
        ("'half", FormReason.OPEN_QUOTE, 0),
        ("${b} = 1", FormReason.VARIABLE, 0),
        ("/data/a # 1", FormReason.UNKNOWN_CHARACTER, 8),
        ("sideways::a", FormReason.UNKNOWN_AXIS, 0),
        ("nobody:a = 1", FormReason.UNKNOWN_PREFIX, 0),
        ("concat(1", FormReason.ENDS_EARLY, 8),
        ("count(1)", FormReason.NOT_NODES, 0),
        ("not()", FormReason.ARGUMENT_COUNT, 0),
        ("cht:score(1)", FormReason.FOREIGN_FUNCTION, 0),
        ("z-score('a', 'm', 1, 2)", FormReason.FOREIGN_FUNCTION, 0),
    ],
)
def test_an_expression_that_cannot_be_read_is_refused_where_it_breaks(
    expression: str, reason: FormReason, column: int
) -> None:
    facts = refused(in_bind(expression)).facts

    assert (facts["node"], facts["expression"]) == ("/data/a", expression)
    assert (facts["reason"], facts["column"]) == (reason, column)


@pytest.mark.parametrize(
    "bomb",
    [
        "(" * 100_000,
        "-" * 100_000 + "1",
        "not(" * 5_000 + "1" + ")" * 5_000,
        "a[" * 5_000 + "1" + "]" * 5_000,
        "1" + " + 1" * 100_000,
        "'" + "x" * 300_000 + "'",
        "a" + "/a" * 60_000,
    ],
    ids=["brackets", "signs", "calls", "predicates", "a sum", "a text", "a path"],
)
def test_an_expression_made_to_exhaust_us_is_refused(bomb: str) -> None:
    assert reason_of(in_bind(bomb)) in _EXHAUSTED


_EXHAUSTED = {FormReason.TOO_DEEP, FormReason.TOO_LARGE, FormReason.ENDS_EARLY}


def test_expressions_that_are_megabytes_together_are_refused() -> None:
    long = "1" + " + 1" * 12_000
    binds = "".join(f'<bind nodeset="/data/a" relevant="{long} + {n}"/>' for n in range(400))

    assert reason_of(xform(model=binds)) == FormReason.TOO_LARGE


def test_a_ring_of_calculates_is_refused_with_the_names_in_it() -> None:
    binds = (
        '<bind nodeset="/data/a" calculate="/data/b + 1"/>'
        '<bind nodeset="/data/b" calculate="/data/a + 1"/>'
    )

    facts = refused(xform(model=binds)).facts

    assert facts["reason"] == FormReason.CYCLE
    assert set(str(facts["name"]).split(" → ")) == {"a", "b"}


# Texts


def itext(*texts: str) -> str:
    inner = "".join(texts)
    return f'<itext><translation lang="한국어">{inner}</translation></itext>'


def telling(text_id: str, other: str) -> str:
    output = f"""<output value="jr:itext('{other}')"/>"""
    return f'<text id="{text_id}"><value>말 {output}</value></text>'


def test_a_text_that_tells_itself_is_refused() -> None:
    facts = refused(xform(model=itext(telling("a", "a")))).facts

    assert (facts["reason"], facts["name"]) == (FormReason.CYCLE, "a → a")


def test_texts_that_tell_each_other_in_a_ring_are_refused_by_their_ids() -> None:
    ring = itext(telling("a", "b"), telling("b", "c"), telling("c", "a"), telling("d", "a"))

    facts = refused(xform(model=ring)).facts

    assert facts["reason"] == FormReason.CYCLE
    assert set(str(facts["name"]).split(" → ")) == {"a", "b", "c"}


def test_a_text_that_comes_back_to_itself_by_an_answer_ends() -> None:
    """Which text is told is known only then; it says what it can."""
    definition = form(
        model=itext('<text id="x"><value>말<output value="jr:itext(/data/a)"/></value></text>'),
        body="""<input ref="/data/a"/><input ref="/data/b"><label ref="jr:itext('x')"/></input>""",
    )
    filling = Filling.start(definition, surroundings())

    filling.answer("a", "x")

    assert filling.body[1].label == "말말"


# What is odd and no reason to refuse


def remarks_of(content: bytes) -> set[tuple[str, FormReason, str]]:
    definition = read_form(content)
    Filling.start(definition, surroundings())
    return {(remark.node, remark.reason, remark.name) for remark in definition.remarks}


@pytest.mark.parametrize("place", ["/data/none", "/other/a", "/data/a/b", "a[", ""])
def test_a_bind_on_a_node_that_is_not_there_is_remarked_on(place: str) -> None:
    content = xform(model=f'<bind nodeset="{place}" relevant="true()"/>')
    if place == "a[":
        assert reason_of(content) == FormReason.ENDS_EARLY
    else:
        assert remarks_of(content) == {(place, FormReason.UNKNOWN_NODE, place)}


@pytest.mark.parametrize("place", ["/data/none", "/other/a", "none"])
def test_a_control_of_a_node_that_is_not_there_is_left_out_and_remarked_on(place: str) -> None:
    content = xform(body=f'<input ref="{place}"/><input ref="/data/a"/>')

    assert remarks_of(content) == {(place, FormReason.UNKNOWN_NODE, place)}
    assert [control.path for control in read_form(content).body] == ["a"]


def test_a_control_of_a_kind_that_nobody_knows_is_left_out_and_remarked_on() -> None:
    content = xform(body='<hologram ref="/data/a"/>')

    assert remarks_of(content) == {("/data/a", FormReason.UNKNOWN_CONTROL, "hologram")}


def test_sound_that_would_be_recorded_unasked_is_left_out_and_remarked_on() -> None:
    content = xform(model='<odk:recordaudio event="odk-instance-load" ref="/data/a"/>')

    assert remarks_of(content) == {("/data/a", FormReason.UNKNOWN_CONTROL, "recordaudio")}


def test_a_node_that_stands_twice_and_is_no_repeat_is_remarked_on() -> None:
    content = xform(instance="<a/><b/><a>2</a>")

    assert remarks_of(content) == {("a", FormReason.DUPLICATE_NAME, "a")}


def test_a_second_root_is_remarked_on() -> None:
    content = xform().replace(b"</data>", b"</data><more/>")

    assert remarks_of(content) == {("/data", FormReason.MANY_ROOTS, "more")}


def test_a_type_that_nobody_knows_is_a_text_and_remarked_on() -> None:
    content = xform(model='<bind nodeset="/data/a" type="hologram"/>')

    assert remarks_of(content) == {("/data/a", FormReason.UNKNOWN_TYPE, "hologram")}
    assert read_form(content).leaf("a").data_type == "string"


def test_a_text_that_no_language_has_is_remarked_on() -> None:
    content = xform(body="""<input ref="/data/a"><label ref="jr:itext('x')"/></input>""")

    assert remarks_of(content) == {("a", FormReason.UNKNOWN_TEXT, "x")}


@pytest.mark.parametrize(
    "calculate", ["count(instance('x')/root/item)", "pulldata('x.csv', 'label', 'name', /data/b)"]
)
def test_a_list_that_the_form_does_not_have_is_remarked_on(calculate: str) -> None:
    content = xform(model=f'<bind nodeset="/data/a" calculate="{calculate}"/>')

    assert remarks_of(content) == {("a", FormReason.UNKNOWN_INSTANCE, "x")}


def test_bounds_that_are_missing_are_remarked_on() -> None:
    content = xform(body='<range ref="/data/a" start="1" end="5"/>')

    assert remarks_of(content) == {("/data/a", FormReason.MISSING_BOUND, "step")}


# Submissions, which come from others too


@pytest.mark.parametrize(
    "content", [b"", b"<a", b"<!DOCTYPE a [<!ENTITY e 'x'>]><data>&e;</data>", b"<a>" * 5_000]
)
def test_a_bad_submission_is_refused_as_a_bad_form_is(content: bytes) -> None:
    with pytest.raises(FieldAppError):
        answers_from_xml(form(), content)


# What the fuzz found


@pytest.mark.parametrize(
    ("expression", "value"), [("base64-decode('가')", ""), (f"count(/data/*[{'9' * 400}])", "0")]
)
def test_what_once_came_out_as_a_crash_has_a_value(expression: str, value: str) -> None:
    filling = Filling.start(read_form(in_bind(expression)), surroundings())

    assert filling.value("a") == value
