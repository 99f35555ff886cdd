"""Reference lists in forms: choices and look-ups from tables that the server published."""

from __future__ import annotations

import pytest

from fieldapp.errors import PackRefused
from fieldapp.forms import Question
from fieldapp.packs import Pack, read_pack
from fieldapp.packs.conversion import convert
from fieldapp.storage.reference import ReferenceRows, put
from fieldapp.usecases import filling
from tests.catalogues import new_name, publish, publish_list, workbook
from tests.laptops import AppLaptop
from tests.servers import Server

Pair = tuple[AppLaptop, AppLaptop]
TABLE = """name,label,city,phone
d1,가상-가동,c1,000-1
d2,가상-나동,c1,000-2
d3,가상-다동,c2,000-3
"""


def places(lists: str = "gasang_towns") -> Pack:
    """A programme that asks for a town of a city, and looks up its telephone."""
    form_id = new_name()
    survey = [
        ("text", "city", "시"),
        ("select_one_from_file gasang_towns.csv", "town", "동", None, "city=${city}"),
        (
            "calculate",
            "phone",
            None,
            "instance('gasang_towns')/root/item[name=${town}]/phone",
        ),
        ("calculate", "label", None, "pulldata('gasang_towns', 'label', 'name', ${town})"),
    ]
    content = workbook(form_id, "1", survey, [("lists", lists)])
    return read_pack(content, f"{form_id}.xlsx", converter=convert)


def place(laptop: AppLaptop) -> str:
    return f"ref:{laptop.session.worker.scope}"


def test_choices_and_look_ups_come_from_the_published_table(pair: Pair, server: Server) -> None:
    first, _ = pair
    pack = places()
    publish(server, pack, place(first))
    publish_list(server, "gasang_towns", "1", TABLE, place(first))

    outcome = first.exchange()
    form = filling.open_new(first.session, pack.form.id).filling
    form.answer("city", "c1")
    form.answer("town", "d2")

    assert outcome.reference_lists == ("gasang_towns",)
    (question,) = [one for one in form.body if isinstance(one, Question) and one.path == "town"]
    assert [choice.label for choice in question.choices] == ["가상-가동", "가상-나동"]
    assert form.answers()["phone"] == "000-2"
    assert form.answers()["label"] == "가상-나동"


def test_the_next_version_of_a_table_takes_the_place_of_the_last_one(
    pair: Pair, server: Server
) -> None:
    first, _ = pair
    publish_list(server, "gasang_turns", "9", TABLE, place(first))
    first.exchange()
    publish_list(server, "gasang_turns", "10", TABLE.replace("다동", "라동"), place(first))

    first.exchange()

    rows = ReferenceRows(first.session.store, "gasang_turns")
    assert [row["label"] for row in rows.scan()] == ["가상-가동", "가상-나동", "가상-라동"]
    assert list(rows.find("label", "가상-다동")) == []


def test_a_form_opens_before_its_table_has_come(pair: Pair, server: Server) -> None:
    first, _ = pair
    pack = places()
    publish(server, pack, place(first))
    first.exchange()

    form = filling.open_new(first.session, pack.form.id).filling
    form.answer("city", "c1")

    assert "phone" not in form.answers()


def test_texts_that_begin_alike_are_told_apart(alone: AppLaptop) -> None:
    long = "가" * 100
    rows = [{"name": "a", "label": long + "1"}, {"name": "b", "label": long + "2"}]
    with alone.session.store.writing() as db:
        put(db, "gasang", "1", rows)

    found = ReferenceRows(alone.session.store, "gasang").find("label", long + "2")

    assert [row["name"] for row in found] == ["b"]


@pytest.mark.parametrize(
    ("lists", "told"), [("household", "pack 5행 value"), ("잘못", "pack 5행 value"), ("", "type")]
)
def test_a_list_that_is_not_declared_or_not_to_be_is_told(lists: str, told: str) -> None:
    with pytest.raises(PackRefused) as refused:
        places(lists)

    problems = refused.value.facts["problems"]
    assert isinstance(problems, tuple)
    assert any(told in problem.as_text() for problem in problems)
