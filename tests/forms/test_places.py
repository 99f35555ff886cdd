"""distance() of what is no place: a mistake of the form is refused, one of a person is not."""

from __future__ import annotations

import pytest

from fieldapp.errors import FormReason, FormRefused
from tests.forms.xforms import begun, values

_SUM = '<bind nodeset="/data/far" type="decimal" calculate="distance(/data/line, /data/end)"/>'


@pytest.mark.parametrize("line", ["here", "0 1; 0 2"], ids=["no point", "line among points"])
def test_a_default_that_is_no_place_is_refused_where_a_distance_is_asked_of_it(line: str) -> None:
    with pytest.raises(FormRefused) as caught:
        begun(f"<line>{line}</line><end>0 1</end><far/>", _SUM)

    facts = caught.value.facts
    assert (facts["reason"], facts["node"]) == (FormReason.NOT_POINTS, "/data/line")
    assert facts["name"] == line


def test_a_place_that_a_person_wrote_wrongly_leaves_the_distance_empty_until_it_is_right() -> None:
    filling = begun("<line>0 0</line><end>0 1</end><far/>", _SUM)

    filling.answer("line", "0 0; 0 2")
    assert values(filling, "far") == {"far": ""}
    filling.answer("line", "0 0")
    assert values(filling, "far")["far"].startswith("1113")
