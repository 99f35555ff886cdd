"""What stands in a new form before anybody answers."""

from __future__ import annotations

from fieldapp.forms import Filling
from tests.forms.making import surroundings
from tests.forms.xforms import begun, defined, values

REPEAT = (
    '<r jr:template=""><x>new</x></r><r><x>first</x></r><r><x/></r>',
    "",
    '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/x"/></repeat></group>',
)


def test_a_default_is_an_answer_from_the_start() -> None:
    filling = begun("<a>ready</a>", body='<input ref="/data/a"/>')

    assert filling.answers()["a"] == "ready"


def test_a_default_counts_only_where_its_question_does() -> None:
    filling = begun(
        "<a/><b>ready</b>",
        '<bind nodeset="/data/b" relevant="/data/a = \'yes\'"/>',
        '<input ref="/data/a"/><input ref="/data/b"/>',
    )

    assert "b" not in filling.answers()
    assert filling.draft_answers()["b"] == "ready"
    filling.answer("a", "yes")
    assert filling.value("b") == "ready"


def test_a_calculate_goes_before_a_default() -> None:
    filling = begun("<a>2</a>", '<bind nodeset="/data/a" type="int" calculate="1 + 2"/>')

    assert filling.value("a") == "3"


def test_the_instances_of_a_form_begin_as_written_and_new_ones_as_their_template_says() -> None:
    filling = begun(*REPEAT)
    filling.add_repeat("r")

    assert [filling.value(f"{path}/x") for path in filling.repeat_paths("r")] == [
        "first",
        "",
        "new",
    ]


def test_rows_that_the_form_wrote_are_saved_and_a_blank_one_is_not() -> None:
    written = begun(*REPEAT)
    blank = begun(REPEAT[0].split("</r>", 1)[0] + "</r><r><x>new</x></r>", *REPEAT[1:])
    first, _ = written.repeat_paths("r")

    assert written.answers()[f"{first}/x"] == "first"
    assert [path for path in blank.answers() if path.startswith("r[")] == []
    again = Filling.resume(written.definition, surroundings(), written.draft_answers())
    assert again.answers() == written.answers()


def test_a_default_that_is_worked_out_is_there_when_its_question_comes_up() -> None:
    filling = begun(
        "<again/><back_on/>",
        '<bind nodeset="/data/back_on" type="date" relevant="/data/again = \'y\'"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/back_on" value="today() + 7"/>',
        '<input ref="/data/again"/><input ref="/data/back_on"/>',
    )
    filling.answer("again", "y")

    assert filling.value("back_on") == "2026-12-08"


def test_what_is_given_beforehand_goes_before_defaults_preloads_and_actions() -> None:
    definition = defined(
        "<a>default</a><b/><c/>",
        '<bind nodeset="/data/b" type="date" jr:preload="date" jr:preloadParams="today"/>'
        '<setvalue event="odk-instance-first-load" ref="/data/c" value="\'set\'"/>',
    )

    planned = Filling.start(
        definition, surroundings(), given={"a": "x", "b": "2026-11-03", "c": "y", "gone": "z"}
    )

    assert values(planned, "a", "b", "c") == {"a": "x", "b": "2026-11-03", "c": "y"}
    assert planned.unknown_answers == {"gone": "z"}
