"""The two forms that most tests of the engine fill."""

from __future__ import annotations

import pytest

from fieldapp.forms import Filling
from tests.forms.making import AREAS, SURVEY, form_of, surroundings


@pytest.fixture
def survey() -> Filling:
    """The satisfaction survey, just opened."""
    return Filling.start(form_of(SURVEY), surroundings())


@pytest.fixture
def areas() -> Filling:
    """The checklist with repeats, just opened."""
    return Filling.start(form_of(AREAS), surroundings())
