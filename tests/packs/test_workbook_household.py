"""Registering a family, asking for consent, the short check-in, the planned response."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from fieldapp.domain.workflow import checked_step, steps_from
from fieldapp.forms import Filling, Question
from fieldapp.packs import effects_of, guard
from tests.forms.rows import Rows
from tests.packs.shipped import HOUSEHOLD, answered, missing, opened, shipped, standing

FAMILY = {
    "who/name": "가상-이세아", "where/tong": "5통", "where/address": "가상로 3",
    "family/hh_size": "2", "family/traits": "elder_couple",
}  # fmt: skip
CONSENT = {
    "household": HOUSEHOLD, "collect_page/c_collect": "agree",
    "sensitive_page/c_sensitive": "disagree", "photo_page/c_photo": "na",
    "signing/how": "oral", "signing/oral_reason": "거동이 어려움",
    "signing/witness": "가상-박간호", "signing/copy_given": "given",
}  # fmt: skip
LISTS = {"household": Rows({"name": HOUSEHOLD, "label": "가상-김하나"})}


def effects(form_id: str, filling: Filling) -> dict[str, list[Mapping[str, str | None]]]:
    """List → what is left at each of its entities."""
    known = standing({"label": "가상-김하나", "consent_photo": "agree"})
    found: dict[str, list[Mapping[str, str | None]]] = {}
    for effect in effects_of(
        shipped(form_id), None, filling, lambda _, one: known if one == HOUSEHOLD else None
    ):
        values = {name: change.new for name, change in effect.set.items()}
        found.setdefault(effect.list, []).append({"id": effect.id} | values)
    return found


def test_a_family_becomes_a_household_and_the_people_who_live_there() -> None:
    filling = opened("household", {}, FAMILY)
    (path,) = filling.repeat_paths("persons")
    answered(filling, {
        f"{path}/person_name": "가상-이솔", f"{path}/relation": "spouse",
        f"{path}/person_birth": "1951-03-02",
    })  # fmt: skip

    made = effects("household", filling)

    (household,) = made["household"]
    (person,) = made["person"]
    assert person["household"] == household["id"] == filling.value("household")
    assert (household["label"], person["label"]) == ("가상-이세아", "가상-이솔")
    assert {name: household[name] for name in (
        "tong", "address", "hh_size", "traits", "grade", "grade_since", "found_on", "worker")} == {
        "tong": "5통", "address": "가상로 3", "hh_size": "2", "traits": "elder_couple",
        "grade": "risk", "grade_since": "2026-11-30", "found_on": "2026-11-30",
        "worker": "가상-이담당",
    }  # fmt: skip
    assert (person["relation"], person["birth"]) == ("spouse", "1951-03-02")


def test_whoever_lives_alone_needs_no_other_person() -> None:
    filling = opened("household", {}, FAMILY | {"family/hh_size": "1"})

    assert missing(filling) == []
    assert "person" not in effects("household", filling)


def test_a_family_about_which_nothing_is_known_gets_no_grade() -> None:
    filling = opened("household", {}, FAMILY | {"family/traits": "unk"})

    assert filling.value("cycle/grade") == ""
    (household,) = effects("household", filling)["household"]
    assert not {"grade", "grade_since", "grade_proposed"} & set(household)


def test_the_proposed_grade_follows_size_and_traits_and_another_one_needs_a_reason() -> None:
    filling = opened("household", {}, FAMILY)
    assert filling.value("cycle/grade") == "risk"

    filling.answer("family/hh_size", "3")
    assert filling.value("cycle/grade") == ""
    filling.answer("family/traits", "basic")
    assert filling.value("cycle/grade") == "watch"
    filling.answer("cycle/grade", "caution")

    assert missing(filling) == ["cycle/grade_reason"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("family/hh_size", "0"),
        ("family/hh_size", "16"),
        ("family/traits", "none basic"),
        ("family/traits", "unk none"),
        ("where/phone", "딸에게"),
        ("who/birth", "2026-12-01"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(path: str, text: str) -> None:
    filling = opened("household", {}, FAMILY | {path: text})

    assert [one.kind for one in filling.violations() if one.path == path] == ["constraint"]


def test_no_question_takes_the_number_of_a_person() -> None:
    hints = [
        element.hint
        for group in opened("household", {}, {}).body
        for element in getattr(group, "children", ())
        if isinstance(element, Question) and element.name == "birth"
    ]

    assert hints == ["주민등록번호는 적지 않습니다"]


# Consent


def test_each_purpose_is_asked_by_itself_and_kept_by_the_household() -> None:
    filling = opened("P00", LISTS, CONSENT)

    assert missing(filling) == []
    (household,) = effects("P00", filling)["household"]
    assert household == {
        "id": HOUSEHOLD, "consent_collect": "agree", "consent_sensitive": "disagree",
        "consent_photo": "na", "consent_until": "2028-12-31", "consent_date": "2026-11-30",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "needs"),
    [
        ({"signing/how": "sign"}, ["signing/sig"]),
        ({"signing/how": "paper"}, ["signing/scan"]),
        ({"signing/who": "proxy"},
         ["signing/who_name", "signing/who_relation", "signing/proxy_paper"]),
    ],
)  # fmt: skip
def test_a_way_of_agreeing_asks_for_its_proof(answers: Mapping[str, str], needs: list[str]) -> None:
    assert missing(opened("P00", LISTS, {**CONSENT, **answers})) == needs


def test_another_office_is_told_nothing_without_saying_what_and_until_when() -> None:
    filling = opened("P00", LISTS, CONSENT)
    (path,) = filling.repeat_paths("third")
    filling.answer(f"{path}/to", "hospital")

    assert missing(filling) == [f"{path}/{name}" for name in ("purpose", "items", "until", "agree")]


def test_a_withdrawal_takes_back_every_consent() -> None:
    given = {"household": HOUSEHOLD, "what": "withdraw"} | {
        path: text for path, text in CONSENT.items() if path.startswith("signing/")
    }
    filling = opened("P00", LISTS, given)

    assert missing(filling) == []
    (household,) = effects("P00", filling)["household"]
    assert {household[f"consent_{name}"] for name in ("collect", "sensitive", "photo")} == {
        "disagree"
    }


# The short check-in and the planned response


def test_a_neighbour_says_what_is_different_and_how_urgent_it_is() -> None:
    filling = opened("wellbeing_check", LISTS, {"household": HOUSEHOLD, "result": "self"})
    assert missing(filling) == ["telling/voice", "telling/tell", "telling/urgent"]

    answered(
        filling, {"telling/voice": "diff", "telling/tell": "ill meal", "telling/urgent": "today"}
    )

    assert missing(filling) == ["telling/said"]
    pack = shipped("wellbeing_check")
    assert pack.plans.about["fill"] == "care_network"
    assert pack.plans.entities[0].properties == ()
    for urgency, told in (("today", ("notify dong_welfare",)), ("no", ())):
        step = checked_step(
            pack.plans.workflow, state=None, target="완료", roles=frozenset({"care_network"}),
            answers={"telling/urgent": urgency}, reason=None, guard=guard(pack),
        )  # fmt: skip
        assert step.effects == told


def test_a_short_check_in_never_asks_traits_or_grade() -> None:
    names = {path.rpartition("/")[2] for path in shipped("wellbeing_check").definition.leaves}

    assert not {name for name in names if "grade" in name or "trait" in name}


def test_a_planned_response_knows_its_origin_and_waits_to_begin() -> None:
    pack = shipped("P03")
    filling = opened("P03", LISTS, {"household": HOUSEHOLD, "origin": "019a-가상"})

    assert missing(filling) == []
    assert filling.value("opened_at").startswith("2026-11-30T14:05")
    assert filling.answers()["origin"] == "019a-가상"
    assert [step.target for step in steps_from(pack.plans.workflow, None)] == ["예정"]
