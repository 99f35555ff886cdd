"""Lists beside the form: instance() and pulldata()."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import pytest

from fieldapp.forms import Filling, Surroundings, read_form
from tests.forms.xpath.asking import Here, answer

FORM = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>t</h:title><model>
<instance><data id="t"><town>n</town><label/></data></instance>
<instance id="towns" src="jr://file-csv/towns.csv"/>
<bind nodeset="/data/town" type="string"/>
<bind nodeset="/data/label" type="string"
 calculate="pulldata('towns.csv', 'label', 'code', /data/town)"/>
</model></h:head>
<h:body><input ref="/data/town"><label>t</label></input></h:body></h:html>"""


class Towns:
    """A list of 1,000 towns that notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def find(self, column: str, value: str) -> Iterable[Mapping[str, str]]:
        self.asked.append((column, value))
        return [row for row in self._rows() if row.get(column) == value]

    def scan(self) -> Iterable[Mapping[str, str]]:
        pytest.fail("the list is walked over")

    def _rows(self) -> Iterable[Mapping[str, str]]:
        names = {"n": "\ubd81\uba74", "s": "\ub0a8\uba74"}
        rows = [{"name": key, "code": key, "label": label} for key, label in names.items()]
        return [*rows, *({"name": str(n), "code": str(n), "label": "-"} for n in range(1_000))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(instance('towns')/root/item)", "3"),
        ("instance('towns')/root/item[name = 'south'][2]/label", "남면 2"),
        ("count(instance('none')/root)", "0"),
        ("count(instance('towns')/root/item[/data/n])", "3"),
    ],
)
def test_an_instance_is_a_document_of_its_own_where_a_slash_still_means_the_form(
    text: str, expected: str
) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pulldata('towns', 'label', 'name', 'south')", "남면"),
        ("pulldata('towns.csv', 'label', 'name', 'north')", "북면"),
        ("pulldata('towns', 'label', 'name', 'west')", ""),
        ("pulldata('towns', 'nothing', 'name', 'south')", ""),
        ("pulldata('towns', '@code', 'name', 'south')", "s"),
        ("pulldata('towns', 'label', '@code', 't')", "남면 2"),
        ("pulldata(concat('to', 'wns'), 'label', 'name', 'north')", "북면"),
    ],
)
def test_pulldata_gives_a_column_of_the_first_row_found_by_another(
    text: str, expected: str
) -> None:
    assert answer(text) == expected


def test_pulldata_looks_up_the_text_of_its_last_argument_in_the_lists_index() -> None:
    world = Here()

    answer("pulldata('towns', 'label', 'name', concat('so', 'uth'))", world=world)
    answer("pulldata('towns', 'label', 'name', 12.0)", world=world)

    assert world.looked_up == [("towns", "name", "south"), ("towns", "name", "12")]


def test_pulldata_in_a_form_follows_the_answer_without_walking_over_the_list() -> None:
    towns = Towns()
    around = Surroundings(now=lambda: datetime(2026, 1, 1, tzinfo=UTC), record_id="r", seed=1)
    filling = Filling.start(read_form(FORM), around, {"towns": towns})

    seen = [filling.value("label")]
    changed = filling.answer("town", "s")
    seen.append(filling.value("label"))
    filling.answer("town", "nowhere")

    assert seen == ["북면", "남면"]
    assert filling.value("label") == ""
    assert towns.asked == [("code", "n"), ("code", "s"), ("code", "nowhere")]
    assert changed is not None
