"""What is refused before it runs: with the expression, the reason, the name and a caret."""

from __future__ import annotations

import pytest

from fieldapp.errors import ExpressionRefused, FormReason, FormRefused
from fieldapp.forms import read_form
from fieldapp.forms.program import program_of
from fieldapp.forms.xpath import compile_text
from fieldapp.forms.xpath.functions.foreign import INSTEAD
from fieldapp.messages import message_for


@pytest.mark.parametrize(
    ("text", "reason", "name", "column"),
    [
        ("1 + frob()", FormReason.UNKNOWN_FUNCTION, "frob", 4),
        ("n and frob()", FormReason.UNKNOWN_FUNCTION, "frob", 6),
        ("if(n, 1, frob())", FormReason.UNKNOWN_FUNCTION, "frob", 9),
        ("n[frob()]", FormReason.UNKNOWN_FUNCTION, "frob", 2),
        ("Today()", FormReason.UNKNOWN_FUNCTION, "Today", 0),
        ("if(1, 2)", FormReason.ARGUMENT_COUNT, "if", 0),
        ("true(1)", FormReason.ARGUMENT_COUNT, "true", 0),
        ("substring('a')", FormReason.ARGUMENT_COUNT, "substring", 0),
        ("pulldata('a', 'b', 'c')", FormReason.ARGUMENT_COUNT, "pulldata", 0),
        ("1 + extract-signed()", FormReason.ARGUMENT_COUNT, "extract-signed", 4),
        ("count('a')", FormReason.NOT_NODES, "count", 0),
        ("sum(1 + 1)", FormReason.NOT_NODES, "sum", 0),
        ("randomize('a')", FormReason.NOT_NODES, "randomize", 0),
        ("n | 'a'", FormReason.NOT_NODES, "|", 0),
        ("'a'[1]", FormReason.NOT_NODES, "[ ]", 0),
        ("x:y", FormReason.UNKNOWN_PREFIX, "x", 0),
    ],
)
def test_a_mistake_is_found_when_the_expression_is_compiled(
    text: str, reason: FormReason, name: str, column: int
) -> None:
    with pytest.raises(ExpressionRefused) as caught:
        compile_text(text)

    facts = caught.value.facts
    assert (facts["reason"], facts["name"], facts["column"]) == (reason, name, column)
    assert facts["expression"] == text


@pytest.mark.parametrize("name", [*INSTEAD, "cht:anything"])
def test_a_function_of_cht_is_refused_as_such(name: str) -> None:
    with pytest.raises(ExpressionRefused) as caught:
        compile_text(f"1 + {name}(today())")

    facts = caught.value.facts
    assert (facts["reason"], facts["name"]) == (FormReason.FOREIGN_FUNCTION, name)
    assert "ODK 함수로 고쳐" in message_for(caught.value).happened


@pytest.mark.parametrize("instead", [text for text in INSTEAD.values() if text])
def test_what_is_to_be_written_instead_of_it_can_be_compiled(instead: str) -> None:
    assert compile_text(instead).kind in {"number", "moment", "string"}


def test_a_form_with_an_unknown_function_is_refused_with_form_node_expression_and_caret() -> None:
    form = b"""<h:html xmlns="http://www.w3.org/2002/xforms"
 xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>t</h:title><model>
 <instance><data id="visit"><a/><b/></data></instance><bind nodeset="/data/a"/>
 <bind nodeset="/data/b" calculate="/data/a + difference-in-months(/data/a, today())"/>
 </model></h:head><h:body><input ref="/data/a"><label>a</label></input></h:body></h:html>"""

    with pytest.raises(FormRefused) as caught:
        program_of(read_form(form))

    facts = caught.value.facts
    assert (facts["form"], facts["node"], facts["column"]) == ("visit", "/data/b", 10)
    assert facts["expression"] == "/data/a + difference-in-months(/data/a, today())"
    assert facts["reason"] is FormReason.FOREIGN_FUNCTION
