"""The one table of functions: each says where it comes from, each is promised something by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fieldapp.forms.xpath.functions import FUNCTIONS


def _names(text: str) -> list[str]:
    return text.split()


# Functions of the ODK XForms specification (XPath functions) and of ODK's own documentation.
SPECIFIED = _names("""
    string concat join substr substring-before substring-after translate string-length
    normalize-space contains starts-with ends-with uuid digest pulldata base64-decode
    extract-signed if coalesce once true false boolean boolean-from-string not regex checklist
    weighted-checklist number random int sum max min round pow log log10 abs sin cos tan asin acos
    atan atan2 sqrt exp exp10 pi count count-non-empty position instance current randomize today
    now format-date format-date-time date date-time decimal-date-time decimal-time selected
    selected-at count-selected jr:choice-name jr:itext indexed-repeat area distance geofence
""")
CORE = _names("""
    last position count id local-name namespace-uri name string concat starts-with contains
    substring-before substring-after substring string-length normalize-space translate boolean not
    true false lang number sum floor ceiling round
""")
# What forms met in the field ask for beside (engine.md, functions in 1,430 XForms; JavaRosa).
MET = ["version", "property", "depend", "is-selected", "enclosed-area"]
TESTS = {
    file.name: file.read_text(encoding="utf-8")
    for file in Path(__file__).parent.glob("test_*.py")
    if file.name != Path(__file__).name
}


def test_the_table_holds_what_the_specifications_and_the_field_ask_for_and_nothing_else() -> None:
    assert set(FUNCTIONS) == {*SPECIFIED, *CORE, *MET}


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_names_its_source_and_has_a_test(name: str) -> None:
    words = FUNCTIONS[name].body.__doc__ or ""
    call = re.compile(rf"(?<![\w:-]){re.escape(name)}\(")

    assert re.search(r"XPath 1\.0 §4\.\d|ODK XForms(, [a-z -]+ functions|\W+\(?\w+)", words), words
    assert any(call.search(text) for text in TESTS.values())


def test_every_function_can_be_told_what_it_gives() -> None:
    kinds = {"string", "number", "boolean", "nodes", "moment", "any"}

    assert {function.gives for function in FUNCTIONS.values()} <= kinds
    assert {name for name, function in FUNCTIONS.items() if function.gives == "any"} == {
        "if", "depend", "number",
    }  # fmt: skip
