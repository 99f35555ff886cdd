"""A record opened again: restored as it was, or amended as a new edition of it."""

from __future__ import annotations

from lxml import etree

from fieldapp.forms import Filling, answers_from_xml, submission_xml
from tests.forms.making import RECORD_ID, surroundings
from tests.forms.xforms import begun, defined

FORM = ("<a/><b>ready</b>", '<bind nodeset="/data/b" relevant="/data/a = \'yes\'"/>',
        '<input ref="/data/a"/><input ref="/data/b"/>')  # fmt: skip
BEFORE = {"a": "no", "meta/instanceID": "uuid:before"}


def test_an_amended_record_has_an_id_of_its_own_and_names_the_one_before() -> None:
    filling = Filling.edit(defined(*FORM), surroundings(), BEFORE)

    assert filling.answers() == {
        "a": "no",
        "meta/instanceID": f"uuid:{RECORD_ID}",
        "meta/deprecatedID": "uuid:before",
    }


def test_the_edition_after_that_names_the_last_one_only() -> None:
    definition = defined(*FORM)
    first = Filling.edit(definition, surroundings(record_id="one"), BEFORE)
    again = answers_from_xml(first.definition, submission_xml(first))

    second = Filling.edit(definition, surroundings(record_id="two"), again)

    assert second.value("meta/deprecatedID") == "uuid:one"
    assert second.value("meta/instanceID") == "uuid:two"
    assert second.unknown_answers == {}


def test_the_id_before_stands_beside_the_id_in_the_xml() -> None:
    filling = Filling.edit(defined(*FORM), surroundings(), BEFORE)

    meta = etree.fromstring(submission_xml(filling))[-1]

    assert [etree.QName(child).localname for child in meta] == ["instanceID", "deprecatedID"]
    assert {etree.QName(child).namespace for child in meta} == {"http://openrosa.org/xforms"}


def test_a_form_knows_nothing_of_the_editions_made_with_it() -> None:
    definition = defined(*FORM)
    Filling.edit(definition, surroundings(), BEFORE)

    assert "meta/deprecatedID" not in definition.leaves
    assert "meta/deprecatedID" not in Filling.start(definition, surroundings()).answers()


def test_what_never_had_an_id_has_none_to_name() -> None:
    filling = Filling.edit(defined(*FORM), surroundings(), {"a": "no"})

    assert "meta/deprecatedID" not in filling.answers()
    assert filling.value("meta/instanceID") == f"uuid:{RECORD_ID}"


def test_an_id_in_so_many_words_is_kept_and_named() -> None:
    definition = defined("<a/><meta><instanceID>ours</instanceID></meta>")

    filling = Filling.edit(definition, surroundings(), {"meta/instanceID": "theirs"})

    assert filling.value("meta/instanceID") == "theirs"
    assert filling.value("meta/deprecatedID") == "theirs"


def test_a_restored_record_is_as_it_was() -> None:
    filling = Filling.resume(defined(*FORM), surroundings(), BEFORE)

    assert filling.answers() == BEFORE


def test_an_irrelevant_answer_that_was_not_sent_is_the_default_when_it_counts() -> None:
    filling = Filling.resume(defined(*FORM), surroundings(), BEFORE)

    filling.answer("a", "yes")

    assert filling.value("b") == "ready"


def test_a_relevant_answer_that_was_taken_away_stays_away() -> None:
    first = begun(*FORM)
    first.answer("a", "yes")
    first.answer("b", "")

    again = Filling.resume(first.definition, surroundings(), first.draft_answers())

    assert again.value("b") == ""


def test_a_draft_keeps_what_is_irrelevant_just_now() -> None:
    first = begun(*FORM)
    first.answer("a", "yes")
    first.answer("b", "by hand")
    first.answer("a", "no")

    again = Filling.resume(first.definition, surroundings(), first.draft_answers())
    again.answer("a", "yes")

    assert again.value("b") == "by hand"


REPEATED = ("<n>2</n><r><x>one</x></r><r><x>two</x></r>",
            '<bind nodeset="/data/n" type="int"/>')  # fmt: skip
AS_SENT = b"<data><n>2</n>%s</data>"


def test_instances_without_keys_stay_in_the_order_they_came_in() -> None:
    definition = defined(
        *REPEATED, '<group ref="/data/r"><repeat nodeset="/data/r"><input ref="/data/r/x"/>'
        "</repeat></group>",
    )  # fmt: skip
    sent = b"".join(b"<r><x>%d</x></r>" % number for number in range(12))

    answers = answers_from_xml(definition, AS_SENT % sent)
    shuffled = dict(sorted(answers.items(), key=lambda pair: pair[1], reverse=True))
    filling = Filling.resume(definition, surroundings(), shuffled)

    assert [filling.value(f"{path}/x") for path in filling.repeat_paths("r")] == [
        str(number) for number in range(12)
    ]
    assert answers_from_xml(definition, AS_SENT % sent) == answers, "the same keys every time"
    filling.add_repeat("r")
    assert filling.value(f"{filling.repeat_paths('r')[-1]}/x") == "", "a new one comes last"


def test_counted_instances_without_keys_keep_their_answers() -> None:
    definition = defined(
        *REPEATED, '<group ref="/data/r"><repeat nodeset="/data/r" jr:count="/data/n">'
        '<input ref="/data/r/x"/></repeat></group>',
    )  # fmt: skip

    answers = answers_from_xml(definition, AS_SENT % b"<r><x>a</x></r><r><x>b</x></r>")
    filling = Filling.resume(definition, surroundings(), answers)

    assert [filling.value(f"r[n{n}]/x") for n in (1, 2)] == ["a", "b"]
