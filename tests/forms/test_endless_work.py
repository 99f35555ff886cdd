"""A rule that asks for endless work: its form is not begun, and nobody who types is stopped."""

from __future__ import annotations

import pytest

from fieldapp.errors import FormReason, FormRefused
from tests.forms.parts import ask, bind
from tests.forms.xforms import begun, values

_ITEMS = "<item><x/></item>" * 2_500
_LIST = f'<instance id="many"><root>{_ITEMS}</root></instance>'
_ENDLESS = f"join('{'-' * 500}', instance('many')/root/item/x)"


def test_a_form_that_asks_for_endless_work_is_not_begun() -> None:
    with pytest.raises(FormRefused) as caught:
        begun("<a/><b/>", _LIST + bind("b", calculate=_ENDLESS), ask("a"))

    assert caught.value.facts["reason"] == FormReason.TOO_MUCH_WORK
    assert caught.value.facts["node"] == "/data/b"


def test_an_answer_that_sets_off_endless_work_is_taken_and_the_rule_stands_where_it_stood() -> None:
    rules = bind("b", calculate=f"if(/data/a = '1', {_ENDLESS}, 7)") + bind(
        "c", calculate="/data/a * 2"
    )
    filling = begun("<a/><b/><c/>", _LIST + rules, ask("a"))

    filling.answer("a", "1")

    assert values(filling, "a", "b", "c") == {"a": "1", "b": "7", "c": "2"}
