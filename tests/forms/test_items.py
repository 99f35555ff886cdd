"""A list that stands in the form: kept as columns, and to every expression the same as nodes."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from html import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.forms import Filling, FormDefinition, read_form
from fieldapp.forms.instances import NodeInstance
from fieldapp.forms.items import Item, ItemList
from fieldapp.forms.xpath.nodes import Node
from tests.forms.making import surroundings

ROWS = "instance('l')/root/item"
ASKED = (
    f"count({ROWS})",
    f"count({ROWS}/*)",
    "count(instance('l')//a)",
    "count(instance('l')/root/*[self::item][b])",
    f"{ROWS}[a = /data/q]/b",
    f"{ROWS}[b = 'x' and a = /data/q]/c",
    f"{ROWS}[position() = last()]/a",
    f"{ROWS}[2]",
    f"string({ROWS}[a != 'x'][1])",
    "string(instance('l')/root)",
    f"join('|', {ROWS}/b)",
    f"join('|', {ROWS}[string-length(b) > 0]/*)",
    f"join('|', {ROWS}/a | {ROWS}/c)",
    f"name({ROWS}[1]/*[1])",
    f"count({ROWS}[3]/preceding-sibling::item)",
    f"{ROWS}/b[. = 'y']/../c",
    f"count({ROWS}/@*)",
    "count(instance('l')/root/text())",
    f"{ROWS}[c = ../item[1]/c][2]/a",
)

_texts = st.sampled_from(["", "x", "y", "가", "<&", " x "])
_columns = st.sampled_from([("a",), ("a", "b"), ("b", "c"), ("a", "c"), ("a", "b", "c"), ()])
_rows = st.lists(
    _columns.flatmap(lambda names: st.fixed_dictionaries(dict.fromkeys(names, _texts)))
)


def written(
    rows: Sequence[Mapping[str, str]], *, start: str = "", around: str = "", after: str = ""
) -> bytes:
    """A form with a list and a calculate of each expression."""
    items = "".join(
        f"<item>{''.join(f'<{name}>{escape(text)}</{name}>' for name, text in row.items())}</item>"
        for row in rows
    )
    leaves = "".join(f"<c{number}/>" for number in range(len(ASKED)))
    binds = "".join(
        f'<bind nodeset="/data/c{number}" calculate="{escape(text)}"/>'
        for number, text in enumerate(ASKED)
    )
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">'
        f'<h:head><h:title>t</h:title><model><instance><data id="d"><q>x</q>{leaves}</data>'
        f'</instance><instance id="l"><root{around}>{start}{items}</root>{after}</instance>'
        f"{binds}</model>"
        '</h:head><h:body><input ref="/data/q"><label>q</label></input></h:body></h:html>'
    ).encode()


def told(definition: FormDefinition) -> dict[str, str]:
    """What each expression comes to, before and after an answer."""
    filling = Filling.start(definition, surroundings())
    first = filling.answers()
    filling.answer("q", "y")
    return first | {f"then {path}": text for path, text in filling.answers().items()}


def list_in(definition: FormDefinition) -> Node:
    """What the list of the form is kept as."""
    return definition.instances["l"].children[0]


@given(_rows)
@settings(max_examples=40)
def test_a_list_says_to_every_expression_what_its_nodes_would(
    rows: list[dict[str, str]],
) -> None:
    # Beside another element it is no list, and is read node by node.
    nodes = read_form(written(rows, around=" odd='odd'", after="<other/>"))
    kept = read_form(written(rows, around=" odd='odd'"))

    assert told(kept) == told(nodes)
    assert not isinstance(list_in(nodes), ItemList)


def test_items_of_one_kind_are_kept_as_columns_whichever_leaf_is_missing() -> None:
    rows = [{"a": "1", "c": "3"}, {"a": "1", "b": "2", "c": "3"}, {"b": "2"}]

    kept = list_in(read_form(written(rows)))

    assert isinstance(kept, ItemList)
    assert [[leaf.local for leaf in item.children] for item in kept.children] == [
        ["a", "c"], ["a", "b", "c"], ["b"],
    ]  # fmt: skip


def test_what_is_no_plain_list_is_read_node_by_node() -> None:
    plain = "<item><a>1</a></item>"
    odd = (
        '<item code="1"><a>1</a></item>',
        "<item><a><b>1</b></a></item>",
        "<item><a>1</a><a>2</a></item>",
        "<item>1<a>1</a></item>",
        '<item><a code="1">1</a></item>',
        "<other><a>1</a></other>",
        '<item><a xmlns="urn:else">1</a></item>',
        "<item/>",
    )

    for item in odd:
        definition = read_form(written([], start=f"{plain}{item}"))
        is_list = isinstance(list_in(definition), ItemList)
        assert is_list == (item == "<item/>"), item


def test_columns_in_another_order_are_read_node_by_node() -> None:
    rows = [{"a": "1", "b": "2"}, {"b": "2", "a": "1"}]

    definition = read_form(written(rows))

    assert not isinstance(list_in(definition), ItemList)
    assert [leaf.local for leaf in list_in(definition).children[1].children] == ["b", "a"]


def test_a_list_out_of_the_cache_is_the_list_that_was_read() -> None:
    definition = read_form(written([{"a": "x", "b": "1"}, {"a": "y", "b": "2"}], around=" r='1'"))

    again = FormDefinition.from_bytes(definition.to_bytes())

    assert told(again) == told(definition)
    kept = list_in(again)
    assert isinstance(kept, ItemList)
    assert kept.parent is again.instances["l"]
    assert [attribute.value for attribute in kept.attributes] == ["1"]


def test_a_filter_makes_nodes_of_the_items_that_it_finds_alone() -> None:
    definition = read_form(written([{"a": str(number % 50)} for number in range(5_000)]))
    found = NodeInstance(definition.instances["l"]).where(("root", "item"), "a", "7")

    kept = [item for item in gc.get_objects() if isinstance(item, Item)]

    assert [item.text() for item in found] == ["7"] * 100
    assert len([item for item in kept if item.parent is list_in(definition)]) == 100
