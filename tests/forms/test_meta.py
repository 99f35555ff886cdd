"""`meta/instanceID` and what stands beside it (OpenRosa Metadata Schema; F1)."""

from __future__ import annotations

import pytest
from lxml import etree

from fieldapp.forms import Filling, answers_from_xml, submission_xml
from tests.forms.making import RECORD_ID, surroundings
from tests.forms.xforms import begun, defined

ID = f"uuid:{RECORD_ID}"
OPENROSA = "{http://openrosa.org/xforms}"
XFORMS_ID = '<bind nodeset="/data/meta/instanceID" {how}/>'


def test_a_form_without_an_id_is_given_one_in_the_namespace_of_openrosa() -> None:
    filling = begun("<a/>", body='<input ref="/data/a"/>')

    assert filling.answers() == {"meta/instanceID": ID}
    written = etree.fromstring(submission_xml(filling))
    assert written.findtext(f"{OPENROSA}meta/{OPENROSA}instanceID") == ID


def test_a_meta_without_an_id_is_given_one_in_its_own_namespace() -> None:
    plain = begun("<a/><meta><instanceName/></meta>")
    openrosa = begun("<a/><orx:meta><orx:audit/></orx:meta>")

    assert etree.fromstring(submission_xml(plain)).findtext("meta/instanceID") == ID
    assert etree.fromstring(submission_xml(openrosa)).findtext(
        f"{OPENROSA}meta/{OPENROSA}instanceID"
    ) == ID  # fmt: skip


@pytest.mark.parametrize(
    "how",
    [
        'jr:preload="uid"',
        "calculate=\"concat('uuid:', uuid())\"",
        "calculate=\"once(concat('uuid:', uuid()))\"",
    ],
)
def test_an_id_made_anew_for_each_record_is_the_record_s_own(how: str) -> None:
    filling = begun("<a/><meta><instanceID/></meta>", XFORMS_ID.format(how=how))

    assert filling.value("meta/instanceID") == ID
    filling.recalculate_all()
    assert filling.value("meta/instanceID") == ID


def test_an_id_that_the_form_says_itself_stays_as_it_says_it() -> None:
    said = begun("<a/><meta><instanceID>ours</instanceID></meta>")
    empty = begun("<a/><meta><instanceID/></meta>")
    worked_out = begun(
        "<a>7</a><meta><instanceID/></meta>",
        XFORMS_ID.format(how="calculate=\"concat('no-', /data/a)\""),
    )

    assert said.value("meta/instanceID") == "ours"
    assert empty.value("meta/instanceID") == ""
    assert worked_out.value("meta/instanceID") == "no-7"


def test_the_name_of_a_record_is_worked_out_of_its_answers() -> None:
    filling = begun(
        "<a/><meta><instanceID/><instanceName/></meta>",
        '<bind nodeset="/data/meta/instanceName" calculate="concat(\'방문 \', /data/a)"/>',
        '<input ref="/data/a"/>',
    )

    filling.answer("a", "3")

    assert filling.answers()["meta/instanceName"] == "방문 3"


def test_a_prefix_does_not_part_a_form_from_its_answers() -> None:
    definition = defined(
        "<a/><orx:meta><orx:instanceID/></orx:meta>",
        '<bind nodeset="/data/orx:meta/orx:instanceID" jr:preload="uid"/>',
    )
    filling = Filling.start(definition, surroundings())

    assert filling.answers() == {"meta/instanceID": ID}
    assert answers_from_xml(definition, submission_xml(filling)) == filling.answers()
