"""가상구: seeded, always the same, and plainly nobody who exists (ux §8)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise

from fieldapp.demo.people import CONTACTS, PLANTED, SINCE, TODAY, people


def test_the_district_has_the_size_that_it_is_shown_with() -> None:
    made = people()

    grades = Counter(one.props.get("grade", "") for one in made.households)
    assert grades == {"risk": 24, "caution": 66, "watch": 138, "closed": 54, "": 18}
    assert Counter(one.town for one in made.households) == {
        "가상-햇살동": 120, "가상-솔바람동": 100, "가상-물결동": 80,
    }  # fmt: skip
    assert len(made.contacts) == CONTACTS
    assert all(SINCE <= one.on < TODAY for one in made.contacts)
    assert sum(one.is_late for one in made.contacts) == 2


def test_everybody_is_the_same_every_time_and_plainly_invented() -> None:
    made = people()

    assert (made.households, made.contacts) == (people().households, people().contacts)
    names = [one.name for one in made.households]
    names += [name for one in made.households for name, _ in one.members]
    assert all(name.startswith("가상-") for name in names)
    assert all(one.props["phone"].startswith("010-0000-") for one in made.households)
    assert all(one.props["address"].startswith("가상로") for one in made.households)
    assert len({one.id for one in made.households}) == len(made.households)


def test_high_risk_was_met_every_week_but_for_the_ones_the_story_is_about() -> None:
    made = people()
    planted = {name for _, name, *_ in PLANTED}

    for household in made.households:
        if household.props.get("grade") != "risk" or household.name in planted:
            continue
        days = sorted(
            one.on
            for one in made.contacts
            if one.household == household.id and one.result == "self"
        )
        ends = [SINCE, *days, TODAY]
        assert max(later - sooner for sooner, later in pairwise(ends)) <= (timedelta(days=7))


def test_a_larger_district_keeps_those_the_story_is_about() -> None:
    made = people(2)

    assert len(made.households) == 600
    assert {one.key for one in made.households if one.key} == {key for key, *_ in PLANTED}
