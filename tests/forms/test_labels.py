"""Labels and hints: outputs in them, languages, and what an instance of a repeat is called."""

from __future__ import annotations

from fieldapp.forms import Filling, Group, Question, Repeat
from tests.forms.parts import ask, bind, repeat
from tests.forms.xforms import begun

ITEXT = (
    "<itext><translation lang='ko' default='true()'><text id='l'><value>이름 "
    "<output value='/data/name'/></value></text></translation>"
    "<translation lang='en'><text id='l'><value>Name <output value='/data/name'/></value></text>"
    "</translation></itext>"
)


def only(filling: Filling) -> Question:
    question = filling.body[-1]
    assert isinstance(question, Question)
    return question


def test_outputs_tell_the_answers_of_the_moment_in_the_language_shown() -> None:
    body = ask("name") + "<input ref='/data/q'><label ref=\"jr:itext('l')\"/></input>"
    filling = begun("<name/><q/>", ITEXT, body)

    changed = filling.answer("name", "가상")
    korean = only(filling).label
    filling.show_language("en")

    assert changed.texts == {"q"}
    assert (korean, only(filling).label) == ("이름 가상", "Name 가상")


def test_an_output_of_what_is_irrelevant_is_empty() -> None:
    body = ask("show", "name") + (
        "<input ref='/data/q'><label>[<output value='/data/name'/>]</label></input>"
    )
    filling = begun("<show>1</show><name/><q/>", bind("name", relevant="/data/show = 1"), body)
    filling.answer("name", "가상")

    changed = filling.answer("show", "0")

    assert only(filling).label == "[]"
    assert "q" in changed.texts


def people(label: str) -> Filling:
    body = f"<group ref='/data/r'><label>{label}</label>{repeat('r', ask('r/name'))}</group>"
    filling = begun("<r jr:template=''><name/></r>", "", body)
    for name in ("가", "나"):
        filling.add_repeat("r")
        filling.answer(f"{filling.repeat_paths('r')[-1]}/name", name)
    return filling


def titles(filling: Filling) -> list[str]:
    (around,) = filling.body
    assert isinstance(around, Group)
    (shown,) = around.children
    assert isinstance(shown, Repeat)
    return [shown.title, *(instance.title for instance in shown.instances)]


def test_an_instance_is_called_by_the_label_of_the_group_around_its_repeat() -> None:
    assert titles(people("사람")) == ["사람", "사람", "사람"]


def test_a_name_in_the_label_of_a_repeat_is_each_instance_s_own() -> None:
    filling = people("<output value='concat(position(.), \". \", /data/r/name)'/>")

    assert titles(filling)[1:] == ["1. 가", "2. 나"]


def test_an_instance_has_no_label_of_its_own_where_the_repeat_says_none() -> None:
    (around,) = people("사람").body
    assert isinstance(around, Group)
    (shown,) = around.children
    assert isinstance(shown, Repeat)

    assert [instance.label for instance in shown.instances] == ["", ""]
