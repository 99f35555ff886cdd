"""`jr:noAddRemove`: the instances are those that the form has, `n1 n2 …` on every machine."""

from __future__ import annotations

from fieldapp.forms import Filling, Repeat, answers_from_xml, submission_xml
from tests.forms.making import surroundings
from tests.forms.parts import ask, repeat
from tests.forms.xforms import begun, defined

BODY = repeat("r", ask("r/a", "r/b"), noAddRemove="true()")
TWO = "<r><a>one</a><b/></r><r><a>two</a><b/></r>"


def test_the_form_s_instances_are_there_with_what_it_says_in_them() -> None:
    filling = begun(TWO, "", BODY)

    assert filling.repeat_paths("r") == ("r[n1]", "r[n2]")
    assert [filling.value(f"{path}/a") for path in filling.repeat_paths("r")] == ["one", "two"]
    (shown,) = filling.body
    assert isinstance(shown, Repeat)
    assert shown.is_fixed


def test_a_template_alone_gives_one_instance() -> None:
    filling = begun("<r jr:template=''><a>new</a><b/></r>", "", BODY)

    assert filling.repeat_paths("r") == ("r[n1]",)
    assert filling.value("r[n1]/a") == "new"


def test_two_machines_give_the_same_instance_the_same_key() -> None:
    definition = defined(TWO, "", BODY)
    here = Filling.start(definition, surroundings(seed=1))
    there = Filling.start(definition, surroundings(seed=2))

    assert here.repeat_paths("r") == there.repeat_paths("r")


def test_instances_that_answers_do_not_name_are_there_empty() -> None:
    definition = defined(TWO, "", BODY)

    filling = Filling.resume(definition, surroundings(), {"r[n1]/b": "가"})

    assert filling.repeat_paths("r") == ("r[n1]", "r[n2]")
    assert filling.value("r[n1]/b") == "가"
    assert filling.value("r[n2]/a") == ""


def test_answers_of_instances_that_the_form_does_not_have_are_kept_apart() -> None:
    definition = defined(TWO, "", BODY)

    filling = Filling.resume(definition, surroundings(), {"r[n3]/b": "셋째"})

    assert filling.repeat_paths("r") == ("r[n1]", "r[n2]")
    assert filling.unknown_answers == {"r[n3]/b": "셋째"}
    assert filling.answers()["r[n3]/b"] == "셋째"


def test_answers_written_before_fixed_instances_were_numbered_are_kept_as_they_are() -> None:
    definition = defined(TWO, "", BODY)
    key = "01a22ee6-b000-78f1-91b7-584a2265b1f5"

    filling = Filling.resume(definition, surroundings(), {f"r[{key}]/b": "가"})

    assert filling.repeat_paths("r") == (f"r[{key}]",)


def test_xml_of_another_client_names_them_by_their_places() -> None:
    definition = defined(TWO, "", BODY)
    filling = Filling.start(definition, surroundings())
    filling.answer("r[n2]/b", "가")
    xml = submission_xml(filling).replace(b' fa:key="n1"', b"").replace(b' fa:key="n2"', b"")

    assert answers_from_xml(definition, xml) == filling.answers()
