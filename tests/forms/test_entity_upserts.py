"""Entities that a form creates, updates, or either (ODK entities 2024.1), by written XForms."""

from __future__ import annotations

import pytest

from fieldapp.forms import Filling
from tests.forms.making import surroundings
from tests.forms.rows import Rows
from tests.forms.xforms import defined

TREE = "01a22ee6-b000-78f1-91b7-00000000000a"
LIST = '<instance id="trees" src="jr://file-csv/trees.csv"/>'
LOOKED_UP = "instance('trees')/root/item[name = current()/../../../tree]/__version"
INSTANCE = (
    '<tree/><height/><meta><entity dataset="trees" id="" create="" update="" baseVersion="">'
    "<label/></entity></meta>"
)
MODEL = (
    f"{LIST}"
    '<bind nodeset="/data/meta/entity/@id" calculate="/data/tree"/>'
    '<bind nodeset="/data/meta/entity/@create" calculate="{create}"/>'
    '<bind nodeset="/data/meta/entity/@update" calculate="{update}"/>'
    f'<bind nodeset="/data/meta/entity/@baseVersion" calculate="{LOOKED_UP}"/>'
    '<bind nodeset="/data/meta/entity/label" calculate="concat(\'나무 \', /data/height)"/>'
    '<bind nodeset="/data/height" type="int" entities:saveto="height"/>'
)
BODY = '<input ref="/data/tree"/><input ref="/data/height"/>'


def planted(create: str, update: str) -> Filling:
    """A form about a tree whose height is answered."""
    definition = defined(INSTANCE, MODEL.format(create=create, update=update), BODY)
    lists = {"trees": Rows({"name": TREE, "label": "가상-나무", "__version": "4"})}
    filling = Filling.start(definition, surroundings(), lists)
    filling.answer("tree", TREE)
    filling.answer("height", "12")
    return filling


@pytest.mark.parametrize(
    ("create", "update"),
    [("1", "''"), ("''", "1"), ("1", "1"), ("true()", "false()"), ("'true'", "'0'")],
)
def test_a_form_says_whether_it_creates_updates_or_does_either(create: str, update: str) -> None:
    (tree,) = planted(create, update).entities()

    assert tree.is_create == (create in {"1", "true()", "'true'"})
    assert tree.is_update == (update == "1")
    assert (tree.dataset, tree.entity_id, tree.label) == ("trees", TREE, "나무 12")
    assert dict(tree.properties) == {"height": "12"}


def test_a_form_that_does_neither_declares_nothing() -> None:
    assert planted("''", "''").entities() == ()
    assert planted("false()", "0").entities() == ()


def test_an_update_is_based_on_the_edition_that_the_list_has() -> None:
    assert planted("''", "1").value("meta/entity/@baseVersion") == "4"


def test_an_upsert_depends_on_what_is_answered() -> None:
    filling = planted("/data/height &gt; 10", "/data/height &lt;= 10")
    assert [(one.is_create, one.is_update) for one in filling.entities()] == [(True, False)]

    filling.answer("height", "9")

    assert [(one.is_create, one.is_update) for one in filling.entities()] == [(False, True)]
