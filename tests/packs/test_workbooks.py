"""Every shipped workbook: sound, whole in both languages, fillable, and made by its maker."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH

from fieldapp.domain.plans import SummaryPlan
from fieldapp.domain.workflow import steps_from
from fieldapp.forms import Group, Question, Repeat
from fieldapp.forms.view import Element
from fieldapp.packs import open_form, rerun
from tests.forms.rows import Rows
from tests.packs.shipped import (
    FOLDER,
    FORMS,
    HOUSEHOLD,
    IMPROVEMENT,
    MONITOR_1,
    MONITOR_2,
    MONITORS,
    SITE,
    SURROUNDINGS,
    answered,
    maker,
    missing,
    opened,
    shipped,
)

HOME = Rows({"name": HOUSEHOLD, "label": "가상-김하나", "grade": "watch", "hh_size": "1",
             "traits": "basic"})  # fmt: skip
LISTS: Mapping[str, Mapping[str, Rows]] = {
    "P00": {"household": HOME},
    "P01": {"household": HOME, "person": Rows()},
    "P03": {"household": HOME},
    "P11": {
        "site": Rows({"name": SITE, "label": "가상-햇살 공유센터", "programme": "tool"}),
        "monitor": MONITORS,
    },
    "P12": {"improvement": Rows({"name": IMPROVEMENT, "label": "안내판", "state": "접수"})},
    "wellbeing_check": {"household": HOME},
}
#: The least that finishes each form.
SHORTEST: Mapping[str, Mapping[str, str]] = {
    "P00": {
        "household": HOUSEHOLD, "collect_page/c_collect": "agree",
        "sensitive_page/c_sensitive": "disagree", "photo_page/c_photo": "na",
        "signing/how": "oral", "signing/oral_reason": "거동이 어려움",
        "signing/witness": "가상-박간호", "signing/copy_given": "later",
    },
    "P01": {"household": HOUSEHOLD, "result": "hospital"},
    "P03": {"household": HOUSEHOLD},
    "P11": {
        "round": "onsite", "round_no": "2", "programme": "tool", "site": SITE,
        "monitor1": MONITOR_1, "monitor2": MONITOR_2, "visit_state": "closed",
        "state_note": "임시 휴관 안내가 붙어 있음", "conflict_free": "yes",
    },
    "P12": {"improvement": IMPROVEMENT, "step": "forward", "forwarding/dept": "가상-돌봄팀"},
    "P13a": {
        "batch": "2026-11 가상-작업장", "serial": "9", "mode": "self",
        **{f"content/content{n}": "4" for n in (1, 2, 3)},
        **{f"process/process{n}": "5" for n in (1, 2, 3)},
        **{f"place/place{n}": "4" for n in (1, 2, 3)},
        **{f"social/social{n}": "5" for n in (1, 2, 3)},
        "overall/overall1": "5",
        **{f"outcome/outcome{n}": "4" for n in (1, 2, 3, 4)},
        **{f"programme/programme{n}": "0" for n in range(1, 12)},
    },
    "P13e": {
        "batch": "2026-11 가상-햇살동", "serial": "1", "mode": "paper",
        **{f"items/q{n}": "4" for n in range(1, 8)}, "again": "1", "damage": "2",
    },
    "household": {
        "who/name": "가상-이세아", "where/tong": "5통", "where/address": "가상로 3",
        "family/hh_size": "1", "family/traits": "unk",
    },
    "wellbeing_check": {
        "household": HOUSEHOLD, "result": "self", "telling/voice": "same",
        "telling/tell": "none", "telling/urgent": "no",
    },
}  # fmt: skip
KOREAN, ENGLISH = "한국어 (ko)", "English (en)"


def test_the_folder_holds_these_workbooks_and_no_other() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.xlsx")) == sorted(FORMS)


@pytest.mark.parametrize("form_id", FORMS)
def test_a_workbook_passes_the_check_without_a_word(form_id: str) -> None:
    pack = shipped(form_id)

    assert pack.warnings == ()
    assert pack.form.id == form_id
    assert pack.definition.languages == (KOREAN, ENGLISH)
    assert pack.definition.default_language == KOREAN


@pytest.mark.parametrize("form_id", FORMS)
def test_a_maker_writes_the_workbook_that_is_shipped(form_id: str) -> None:
    book = maker(f"make_{form_id.lower()}").BOOK
    made = maker("making").workbook_bytes(book)

    assert made == maker("making").workbook_bytes(book)
    # Parts, not bytes: another zlib may pack the same part into other bytes.
    assert _parts(made) == _parts((FOLDER / f"{form_id}.xlsx").read_bytes())


@pytest.mark.parametrize("form_id", FORMS)
def test_everything_that_is_shown_is_said_in_both_languages(form_id: str) -> None:
    filling = open_form(shipped(form_id), SURROUNDINGS, None, LISTS.get(form_id, {}))

    said: dict[str, list[tuple[str, ...]]] = {}
    for language in (KOREAN, ENGLISH):
        filling.show_language(language)
        said[language] = [words for element in filling.body for words in _words(element)]

    for korean, english in zip(said[KOREAN], said[ENGLISH], strict=True):
        assert [bool(word) for word in korean] == [bool(word) for word in english]
        assert "-" not in korean, "pyxform writes - for a translation that is missing"
        assert "-" not in english


@pytest.mark.parametrize("form_id", FORMS)
def test_a_refusal_has_a_sentence_of_its_own_in_both_languages(form_id: str) -> None:
    binds = shipped(form_id).definition.binds.values()

    for bind in binds:
        if bind.constraint is not None:
            assert bind.constraint_message is not None, bind.path
        # P13e is as it was first shipped: the app's own sentence stands in.
        if bind.required is not None and form_id != "P13e":
            assert bind.required_message is not None, bind.path


@pytest.mark.parametrize("form_id", FORMS)
def test_the_least_that_must_be_answered_finishes_a_form(form_id: str) -> None:
    filling = opened(form_id, LISTS.get(form_id, {}), SHORTEST[form_id])

    assert missing(filling) == []


@pytest.mark.parametrize("form_id", FORMS)
def test_nothing_that_must_be_answered_is_left_out_of_the_least(form_id: str) -> None:
    given = SHORTEST[form_id]
    for path in given:
        others = {name: text for name, text in given.items() if name != path}
        filling = open_form(shipped(form_id), SURROUNDINGS, None, LISTS.get(form_id, {}))
        answered(filling, {n: t for n, t in others.items() if filling.slot(n).is_relevant})

        assert missing(filling), path


@pytest.mark.parametrize("form_id", FORMS)
def test_a_server_without_lists_leaves_a_finished_form_as_it_is(form_id: str) -> None:
    answers = opened(form_id, LISTS.get(form_id, {}), SHORTEST[form_id]).answers()

    assert rerun(shipped(form_id), SURROUNDINGS, answers) == answers


@pytest.mark.parametrize("form_id", FORMS)
def test_an_amendment_begins_where_the_record_ended(form_id: str) -> None:
    before = opened(form_id, LISTS.get(form_id, {}), SHORTEST[form_id])
    again = open_form(shipped(form_id), SURROUNDINGS, before.answers(), LISTS.get(form_id, {}))

    assert again.answers() == before.answers()
    assert again.entities() == before.entities()


@pytest.mark.parametrize("form_id", FORMS)
def test_a_worker_of_the_sheet_may_finish_and_nobody_approves_alone(form_id: str) -> None:
    plans = shipped(form_id).plans
    fill = set(plans.about["fill"].replace(",", " ").split())

    begins = steps_from(plans.workflow, None)
    assert begins
    assert fill & {role for step in begins for role in step.roles}
    for step in plans.workflow.steps:
        # Whoever confirms has seen what is confirmed; whoever sends back says why.
        assert step.needs_seen == (step.target in {"확인", "취합"} and step.roles != ("server",))
        assert step.needs_reason == (step.target == "보완 요청" or step.label in {
            "돌려보내기", "찾았습니다",
        })  # fmt: skip


def test_two_who_wrote_one_record_are_merged_as_the_columns_say() -> None:
    visit, checklist = shipped("P01").plans.merge, shipped("P11").plans.merge

    # How it was and what came of it mean nothing apart.
    assert visit.groups == (frozenset({"method", "result"}),)
    assert checklist.rules == {
        "start": "min", "end": "max", "talk/fixed_now": "append", "talk/site_says": "append",
    }  # fmt: skip
    # What the form works out, or took from a list, is nobody's to dispute.
    assert {"grade_now", "promises_now", "escalate", "last_note"} <= {
        path.rpartition("/")[2] for path in visit.calculated
    }
    assert {"areas/area_mean", "areas/items/item_text"} <= checklist.calculated
    assert not {"areas/items/score", "areas/opinion"} & checklist.calculated


def test_the_seven_factors_of_the_published_table_are_the_rows_of_the_workshop_survey() -> None:
    factors, returned, modes = shipped("P13a").plans.summaries

    assert isinstance(factors, SummaryPlan)
    assert [(row.label, len(row.paths)) for row in factors.rows] == [
        ("서비스내용", 3), ("서비스과정", 3), ("서비스환경", 3), ("사회적품질", 3),
        ("전반적만족도", 1), ("개인의성과", 4), ("프로그램", 11),
    ]  # fmt: skip
    assert [column.label for column in factors.columns] == ["1", "2", "3", "4", "5"]
    assert {column.of for column in factors.columns} == {("1", "2", "3", "4", "5")}
    assert (returned.id, modes.id) == ("returned", "modes")


def test_who_did_not_take_part_in_a_programme_is_no_answer_to_it() -> None:
    filling = opened("P13a", {}, SHORTEST["P13a"])

    # 3 + 3 + 3 + 3 + 1 + 4 sentences; the eleven programmes were not attended.
    assert filling.value("answered") == "17"
    assert filling.answer("programme/programme1", "4")
    assert filling.value("answered") == "18"


def _words(element: Element) -> Iterator[tuple[str, ...]]:
    """What an element says now: its label, its hint, its choices."""
    yield (element.label,)
    if isinstance(element, Question):
        yield (element.hint,)
        # An entity's own label has no language.
        yield tuple(choice.label for choice in element.choices)
    elif isinstance(element, Group):
        for child in element.children:
            yield from _words(child)
    elif isinstance(element, Repeat):
        for instance in element.instances:
            yield from _words(instance)


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.skipif(shutil.which("java") is None, reason="no java here: ODK Validate is not asked")
def test_other_clients_can_read_every_form(tmp_path: Path) -> None:
    files = []
    for form_id in FORMS:
        files.append(tmp_path / f"{form_id}.xml")
        files[-1].write_bytes(shipped(form_id).xform)

    told = subprocess.run(
        ["java", "-Djava.awt.headless=true", "-jar", ODK_VALIDATE_PATH, *map(str, files)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip

    output = told.stdout + told.stderr
    assert output.count("Xform is valid!") == len(files), output
