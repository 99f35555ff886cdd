"""Lists that come as files beside a form: what is read, what is refused, what is missing."""

from __future__ import annotations

import codecs
import json

import pytest

from fieldapp.errors import FormReason, ListFileRefused
from fieldapp.forms import Filling, FormDefinition, Question, read_form, submission_xml
from fieldapp.forms.external import missing_lists, rows_from
from fieldapp.messages import message_for
from tests.forms.making import surroundings

FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>t</h:title><model>
 <instance><data id="t" version="1"><town/><site/><found/></data></instance>
 <instance id="sites" src="{address}"/>
 <bind nodeset="/data/found" calculate="{calculate}"/></model></h:head>
 <h:body><input ref="/data/town"/><select1 ref="/data/site">
 <itemset nodeset="{nodeset}"><value ref="name"/><label ref="label"/></itemset>
 </select1></h:body></h:html>"""
ITEMS = "instance('sites')/root/item[town = /data/town]"
SITES = "name,label,town\ns1,가상-햇살,해룡\ns2,가상-한빛,월등\ns3,가상-솔바람,해룡\n"


def form_of(address: str, *, nodeset: str = ITEMS, calculate: str = "''") -> FormDefinition:
    return read_form(FORM.format(address=address, nodeset=nodeset, calculate=calculate).encode())


def filled(address: str, content: bytes, *, nodeset: str = ITEMS, calculate: str = "''") -> Filling:
    definition = form_of(address, nodeset=nodeset, calculate=calculate)
    lists = {"sites": rows_from(address, content)}
    return Filling.start(definition, surroundings(), lists)


def offered(filling: Filling) -> list[tuple[str, str]]:
    _, site = filling.body
    assert isinstance(site, Question)
    return [(choice.value, choice.label) for choice in site.choices]


def refusal_of(address: str, content: bytes) -> dict[str, object]:
    with pytest.raises(ListFileRefused) as caught:
        rows_from(address, content)
    assert message_for(caught.value).as_text().count("\n") == 2
    return caught.value.facts


@pytest.mark.parametrize(
    "content",
    [
        SITES.encode(),
        codecs.BOM_UTF8 + SITES.encode(),
        SITES.encode("cp949"),
        SITES.encode("utf-16"),
        SITES.replace(",", ";").encode(),
        SITES.replace(",", "\t").encode(),
        SITES.replace("\n", "\r\n").encode(),
        SITES.replace("\n", "\r").encode(),
        SITES.replace("\n", "\n\r").encode(),
        SITES.rstrip().encode(),
        SITES.replace("town", '"town"').encode(),
        SITES.replace("\n", ",,\n").encode(),
        (SITES + "\n,,\n\n").encode(),
    ],
    ids=[
        "utf-8", "byte order mark", "cp949", "utf-16", "semicolons", "tabs", "crlf", "cr", "lfcr",
        "no last line end", "quoted header", "empty columns behind", "empty rows behind",
    ],
)  # fmt: skip
def test_a_table_as_korean_offices_save_it_gives_the_same_choices(content: bytes) -> None:
    filling = filled("jr://file-csv/sites.csv", content)

    filling.answer("town", "해룡")

    assert offered(filling) == [("s1", "가상-햇살"), ("s3", "가상-솔바람")]


def test_a_table_named_as_a_plain_file_is_read_as_a_table() -> None:
    filling = filled("jr://file/sites.csv", SITES.encode())

    filling.answer("town", "월등")

    assert offered(filling) == [("s2", "가상-한빛")]


def test_a_cell_may_hold_line_ends_delimiters_and_quotes() -> None:
    content = 'name,label,town\ns1,"둘째 줄이\n있고, ""따옴표""도 있는 곳",해룡\n'
    filling = filled("jr://file-csv/sites.csv", content.encode())

    filling.answer("town", "해룡")

    assert offered(filling) == [("s1", '둘째 줄이\n있고, "따옴표"도 있는 곳')]


def test_a_short_row_has_empty_cells() -> None:
    filling = filled("jr://file-csv/sites.csv", b"name,label,town\ns1,one\n")

    assert offered(filling) == [("s1", "one")]


@pytest.mark.parametrize(
    ("content", "line", "reason", "name"),
    [
        ("name,label,name\na,b,c\n", 1, FormReason.TWIN_COLUMN, "name"),
        ("name,,town\na,b,c\n", 1, FormReason.EMPTY_COLUMN, "2"),
        (",,\na,b,c\n", 1, FormReason.EMPTY_COLUMN, "1"),
        ("name$label\na$b\n", 1, FormReason.BAD_COLUMN, "name$label"),
        ("name,전화 번호\na,b\n", 1, FormReason.BAD_COLUMN, "전화 번호"),
        ("name,label\na,b\na,b,c\n", 3, FormReason.LONG_ROW, "3"),
        ('name,label\na,"b\n', 2, FormReason.BROKEN_TABLE, None),
    ],
)
def test_a_bad_table_is_refused_with_its_line_and_what_is_wrong(
    content: str, line: int, reason: FormReason, name: str | None
) -> None:
    facts = refusal_of("jr://file-csv/sites.csv", content.encode())

    assert (facts["file"], facts["line"], facts["reason"]) == ("sites.csv", line, reason)
    assert facts.get("name") == name


@pytest.mark.parametrize("content", [b"name,label\n\xff\xfe\x81,b\n", b"name\0,label\na,b\n"])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    assert refusal_of("jr://file-csv/sites.csv", content)["reason"] == FormReason.NOT_TEXT


def test_xml_of_any_shape_is_walked_as_it_stands() -> None:
    towns = """<towndata><data_set>east</data_set>
      <town id="1"><name>a</name><label>가</label><town>해룡</town></town>
      <town id="2"><name>b</name><label>나</label><town>월등</town></town></towndata>"""
    filling = filled(
        "jr://file/towns.xml",
        towns.encode(),
        nodeset="instance('sites')/towndata/town[town = /data/town]",
        calculate="concat(instance('sites')/towndata/data_set, "
        "instance('sites')//town[@id = 2]/name)",
    )

    filling.answer("town", "월등")

    assert filling.value("found") == "eastb"
    assert offered(filling) == [("b", "나")]


def test_a_default_namespace_of_the_file_is_none_to_the_form() -> None:
    content = b'<root xmlns="urn:list"><item><name>a</name><label>A</label><town/></item></root>'

    assert offered(filled("jr://file/sites.xml", content)) == [("a", "A")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<root><item></root>", FormReason.NOT_XML),
        (b"<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>", FormReason.HOSTILE_XML),
        (b"<a>" * 5000 + b"</a>" * 5000, FormReason.TOO_DEEP),
        (b"name,label\na,b\n", FormReason.NOT_XML),
    ],
)
def test_bad_xml_is_refused_by_name(content: bytes, reason: FormReason) -> None:
    facts = refusal_of("jr://file/sites.xml", content)

    assert (facts["file"], facts["reason"]) == ("sites.xml", reason)


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def collection(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def placed(kind: str, *coordinates: object) -> dict[str, object]:
    return {"type": kind, "coordinates": coordinates}


PARIS = {"type": "Point", "coordinates": [2.3522, 48.8566]}


def test_a_map_is_rows_with_geometry_id_and_properties() -> None:
    content = collection(
        feature(PARIS, name="FR-75C", label="Paris", population=2161000, open=True, none=None),
        {**feature(None, id="inner"), "id": "outer"},
    )

    rows = [dict(row) for row in rows_from("jr://file/cities.geojson", content).scan()]

    assert rows == [
        {
            "geometry": "48.8566 2.3522 0 0",
            "name": "FR-75C",
            "label": "Paris",
            "population": "2161000",
            "open": "true",
        },
        {"id": "outer"},
    ]


@pytest.mark.parametrize(
    ("geometry", "text"),
    [
        ({"type": "Point", "coordinates": [127.5, 34.9, 12]}, "34.9 127.5 12 0"),
        (
            {"type": "LineString", "coordinates": [[1, 2], [3, 4.50]]},
            "2 1 0 0; 4.5 3 0 0",
        ),
        (
            {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, 6], [1, 2]], [[0, 0]]]},
            "2 1 0 0; 4 3 0 0; 6 5 0 0; 2 1 0 0",
        ),
        ({"type": "Polygon", "coordinates": []}, ""),
        ({"type": "Point", "coordinates": [1e-7, 2]}, "2 0.0000001 0 0"),
    ],
)
def test_a_place_is_written_as_odk_writes_places(geometry: object, text: str) -> None:
    rows = rows_from("jr://file/cities.geojson", collection(feature(geometry)))

    assert [row["geometry"] for row in rows.scan()] == [text]


def test_choices_of_a_map_are_found_like_any_others() -> None:
    content = collection(
        feature(PARIS, name="p", label="Paris", town="해룡"),
        feature(PARIS, name="q", label="Quimper", town="월등"),
    )
    filling = filled(
        "jr://file/cities.geojson",
        content,
        calculate="instance('sites')/root/item[name = 'q']/geometry",
    )

    filling.answer("town", "해룡")

    assert offered(filling) == [("p", "Paris")]
    assert filling.value("found") == "48.8566 2.3522 0 0"


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"{", None, FormReason.NOT_JSON),
        (b'{"type": NaN}', None, FormReason.NOT_JSON),
        (b"[" * 100_000, None, FormReason.NOT_JSON),
        ('{"type": "가"}'.encode("cp949"), None, FormReason.NOT_JSON),
        (b'{"type": "Feature"}', None, FormReason.NOT_FEATURES),
        (b'{"type": "FeatureCollection"}', None, FormReason.NOT_FEATURES),
        (b'{"type": "FeatureCollection", "type": "x"}', None, FormReason.TWIN_COLUMN),
        (collection(feature(PARIS), {"type": "Point"}), 2, FormReason.NOT_FEATURES),
        (collection(feature(placed("MultiPoint"))), 1, FormReason.BAD_GEOMETRY),
        (collection(feature(placed("Point", "1", 2))), 1, FormReason.BAD_GEOMETRY),
        (collection(feature(placed("Point", 1))), 1, FormReason.BAD_GEOMETRY),
        (collection(feature("Point")), 1, FormReason.BAD_GEOMETRY),
    ],
)  # fmt: skip
def test_a_bad_map_is_refused_with_its_feature(
    content: bytes, line: int | None, reason: FormReason
) -> None:
    facts = refusal_of("jr://file/cities.geojson", content)

    assert (facts["file"], facts.get("line"), facts["reason"]) == ("cities.geojson", line, reason)


def test_the_answers_saved_last_are_looked_up_like_a_list() -> None:
    definition = form_of("jr://file-csv/none.csv")
    before = Filling.start(definition, surroundings())
    before.answer("town", "해룡")
    saved = submission_xml(definition, before.answers())

    again = filled(
        "jr://instance/last-saved",
        saved,
        calculate="concat(instance('sites')/data/town, '|', "
        "instance('sites')/data/meta/instanceID, '|', instance('sites')/data/found)",
    )

    assert again.value("found") == f"해룡|{before.answers()['meta/instanceID']}|"


def test_a_form_opened_for_the_first_time_has_nothing_saved_last() -> None:
    filling = filled(
        "jr://instance/last-saved", b"", calculate="concat('[', instance('sites')/data/town, ']')"
    )

    assert filling.value("found") == "[]"


@pytest.mark.parametrize("address", ["jr://file-csv/sites.csv", "jr://file/sites.xml"])
def test_a_form_opens_without_its_file_and_says_where_it_will_be_missed(address: str) -> None:
    definition = form_of(address, calculate="count(instance('sites')/root/item)")

    filling = Filling.start(definition, surroundings())

    assert offered(filling) == []
    remarks = missing_lists(definition, given=())
    assert {remark.node for remark in remarks} == {"site", "found"}
    assert {remark.reason for remark in remarks} == {FormReason.MISSING_FILE}
    assert {remark.name for remark in remarks} == {address.rpartition("/")[2]}
    assert missing_lists(definition, given={"sites"}) == ()


def test_a_file_far_too_large_is_refused_unread() -> None:
    content = b"name\n" + b"a" * (65 * 1024 * 1024)

    assert refusal_of("jr://file-csv/sites.csv", content)["reason"] == FormReason.TOO_LARGE


def test_twenty_thousand_rows_are_looked_up_by_index() -> None:
    content = "name,label,town\n" + "".join(f"n{n},곳 {n},t{n % 100}\n" for n in range(20_000))
    filling = filled("jr://file-csv/sites.csv", content.encode())

    filling.answer("town", "t7")

    assert len(offered(filling)) == 200
    assert offered(filling)[0] == ("n7", "곳 7")
