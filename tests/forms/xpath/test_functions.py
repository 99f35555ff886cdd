"""Every function at least once, on a small document."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from random import Random

import pytest
from lxml import etree

from fieldapp.errors import ExpressionRefused, FormReason
from fieldapp.forms.xpath import Context, compile_text
from fieldapp.forms.xpath.functions import FUNCTIONS
from fieldapp.forms.xpath.nodes import Node, document_from
from fieldapp.forms.xpath.values import Value, number_text, text_of

KOREA = timezone(timedelta(hours=9))
DOCUMENT = document_from(
    etree.fromstring(
        b"<data xml:lang='ko-KR' xmlns:jr='http://openrosa.org/javarosa'>"
        b"<n id='one'>3</n><n>1</n><n>2</n><empty/><empty/><word>abc</word>"
        b"<day>2026-03-02</day><many>a b c</many><row><x>1</x></row><row><x>2</x></row></data>"
    ).getroottree()
)


@dataclass
class Here:
    """A world with a clock that stands still and one list."""

    root: Node = DOCUMENT
    zone: tzinfo = KOREA
    is_korean: bool = True
    chance: Random = field(default_factory=lambda: Random(4))

    def now(self) -> datetime:
        return datetime(2026, 12, 1, 9, 30, tzinfo=KOREA)

    def random(self) -> float:
        return self.chance.random()

    def uuid(self) -> str:
        return "00000000-0000-4000-8000-000000000000"

    def instance(self, name: str) -> Node | None:
        return DOCUMENT if name == "towns" else None

    def choice_label(self, node: Node, value: str) -> str:
        return f"{node.local}={value}"

    def text(self, text_id: str) -> str:
        return f"<{text_id}>"


def value_of(text: str) -> Value:
    data = DOCUMENT.children[0]
    made = compile_text(text, namespaces={"jr": "http://openrosa.org/javarosa"})
    return made.run(Context(data, Here()))


CASES = [
    # XPath 1.0 core
    ("last()", "1"),
    ("position()", "1"),
    ("n[last()]", "2"),
    ("count(n)", "3"),
    ("id('one')", "3"),
    ("local-name(n)", "n"),
    ("namespace-uri(n)", ""),
    ("name(n/@id)", "id"),
    ("string(n)", "3"),
    ("concat('a', 1, n)", "a1312"),
    ("starts-with('abc', 'ab')", "true"),
    ("contains('abc', 'bc')", "true"),
    ("substring-before('1999/04/01', '/')", "1999"),
    ("substring-after('1999/04/01', '/')", "04/01"),
    ("substring('12345', 1.5, 2.6)", "234"),
    ("substring('12345', 0 div 0, 3)", ""),
    ("substring('12345', -42, 1 div 0)", "12345"),
    ("string-length('가나다')", "3"),
    ("normalize-space('  a   b ')", "a b"),
    ("translate('--aaa--', 'abc-', 'ABC')", "AAA"),
    ("boolean('0')", "true"),
    ("boolean(n[9])", "false"),
    ("not(0 div 0)", "true"),
    ("true()", "true"),
    ("false()", "false"),
    ("lang('ko')", "true"),
    ("number('12')", "12"),
    ("number('1e3')", "NaN"),
    ("sum(n)", "6"),
    ("sum(empty)", "NaN"),
    ("floor(-1.5)", "-2"),
    ("ceiling(-1.5)", "-1"),
    ("round(2.5)", "3"),
    ("round(-2.5)", "-3"),
    ("round(2.675, 2)", "2.68"),
    ("round(1250, -2)", "1300"),
    # numbers
    ("5 mod -2", "1"),
    ("-5 mod 2", "-1"),
    ("1 div 0", "Infinity"),
    ("0 div 0", "NaN"),
    ("123456789012 * 10", "1234567890120"),
    ("1 div 3", "0.3333333333333333"),
    ("0.0000001 * 1", "0.0000001"),
    ("int(-2.9)", "-2"),
    ("abs(-2)", "2"),
    ("pow(2, 10)", "1024"),
    ("pow(-8, 0.5)", "NaN"),
    ("sqrt(9)", "3"),
    ("sqrt(-1)", "NaN"),
    ("exp(0)", "1"),
    ("exp10(2)", "100"),
    ("log(1)", "0"),
    ("log(0)", "-Infinity"),
    ("log10(1000)", "3"),
    ("sin(0)", "0"),
    ("cos(0)", "1"),
    ("tan(0)", "0"),
    ("asin(2)", "NaN"),
    ("acos(1)", "0"),
    ("atan(0)", "0"),
    ("atan2(0, 1)", "0"),
    ("round(pi(), 4)", "3.1416"),
    ("random() < 1", "true"),
    ("min(n)", "1"),
    ("max(n, 7)", "7"),
    ("max(empty)", "NaN"),
    # logic
    ("if(n > 2, 'yes', 'no')", "yes"),
    ("coalesce('', empty, 'x')", "x"),
    ("coalesce(1 div '', 0)", "0"),
    ("count(current()/n)", "3"),
    ("boolean-from-string('1')", "true"),
    ("boolean-from-string('yes')", "false"),
    ("checklist(1, 2, true(), false())", "true"),
    ("weighted-checklist(3, 5, true(), 2, true(), 2)", "true"),
    # texts
    ("join(', ', n)", "3, 1, 2"),
    ("substr('hello', 1, 3)", "el"),
    ("substr('hello', -2)", "lo"),
    ("ends-with('abc', 'bc')", "true"),
    ("regex('010-1234', '[0-9]{3}-[0-9]{4}')", "true"),
    ("regex('x010-1234', '[0-9]{3}-[0-9]{4}')", "false"),
    ("digest('abc', 'SHA-1', 'hex')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ("digest('abc', 'ROT13')", ""),
    ("base64-decode('7ZWc6riA')", "한글"),
    ("base64-decode('?')", ""),
    ("uuid()", "00000000-0000-4000-8000-000000000000"),
    ("string-length(uuid(8))", "8"),
    ("jr:itext('hello')", "<hello>"),
    # choices
    ("selected(many, 'b')", "true"),
    ("selected(many, 'd')", "false"),
    ("selected-at(many, 1)", "b"),
    ("selected-at(many, 9)", ""),
    ("count-selected(many)", "3"),
    ("jr:choice-name(word, '/data/word')", "word=abc"),
    ("count-non-empty(//*)", "11"),
    # nodes
    ("position(n[2])", "2"),
    ("indexed-repeat(/data/row/x, /data/row, 2)", "2"),
    ("indexed-repeat(/data/row/x, /data/row, 3)", ""),
    ("count(instance('towns')/data)", "1"),
    ("count(instance('none')/data)", "0"),
    ("join('', randomize(n, 42))", "213"),
    # days
    ("today()", "2026-12-01"),
    ("now()", "2026-12-01T09:30:00.000+09:00"),
    ("date('2026-02-28')", "2026-02-28"),
    ("date(today() + 30)", "2026-12-31"),
    ("date('2026-02-30')", ""),
    ("date-time('2026-02-28T09:00:00.000+09:00')", "2026-02-28T09:00:00.000+09:00"),
    ("day < today()", "true"),
    ("day = '2026-03-02'", "true"),
    ("int(today() - day)", "274"),
    ("int(today() - date('2026-11-30'))", "1"),
    ("decimal-date-time('1970-01-01T09:00:00.000+09:00')", "0"),
    ("decimal-time('06:00')", "0.25"),
    ("format-date(day, '%Y. %n. %e. (%a)')", "2026. 3. 2. (월)"),
    ("format-date-time(now(), '%y-%m-%d %H:%M:%S %b')", "26-12-01 09:30:00 12월"),
    ("format-date('', '%Y')", ""),
    # places
    ("area('0 0;0 1')", "0"),
    ("distance('0 0;0 90')", "10018696.05"),
    ("geofence('1 1', '0 0;0 2;2 2;2 0;0 0')", "true"),
    ("geofence('3 1', '0 0;0 2;2 2;2 0;0 0')", "false"),
    # comparisons
    ("n = 2", "true"),
    ("n != 2", "true"),
    ("not(n = 9)", "true"),
    ("n < 2", "true"),
    ("empty = ''", "true"),
    ("'a' < 'b'", "false"),
    ("n = word", "false"),
    ("true() = n", "true"),
    # paths
    ("count(//x | //n)", "5"),
    ("row[2]/x", "2"),
    ("count(row/x[1])", "2"),
    ("(row/x)[2]", "2"),
    ("x/ancestor::*", ""),
    ("count(//x/ancestor::*)", "3"),
    ("n[3]/preceding-sibling::n[1]", "1"),
    ("n[1]/following-sibling::*[1]", "1"),
    ("//x[../x = 2]", "2"),
    ("n[position() = 2]", "1"),
    ("count(//@id)", "1"),
    ("row[x = /data/row[2]/x]/x", "2"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_expression_gives(text: str, expected: str) -> None:
    assert text_of(value_of(text)) == expected


def test_every_function_of_the_library_has_a_case_and_names_its_source() -> None:
    asked = " ".join(text for text, _ in CASES) + " once("
    for name, function in FUNCTIONS.items():
        assert re.search(rf"(?<![\w:-]){re.escape(name)}\(", asked), name
        assert "XPath 1.0" in (function.body.__doc__ or "") or "ODK" in (
            function.body.__doc__ or ""
        ), name


def test_once_keeps_what_is_there() -> None:
    made = compile_text("once('new')")
    word, empty = DOCUMENT.children[0].children[5], DOCUMENT.children[0].children[3]

    assert made.run(Context(word, Here())) == "abc"
    assert made.run(Context(empty, Here())) == "new"


@pytest.mark.parametrize(
    ("text", "reason", "name", "column"),
    [
        ("1 + frob()", FormReason.UNKNOWN_FUNCTION, "frob", 4),
        ("if(1, 2)", FormReason.ARGUMENT_COUNT, "if", 0),
        ("true(1)", FormReason.ARGUMENT_COUNT, "true", 0),
        ("count('a')", FormReason.NOT_NODES, "count", 0),
        ("x:y", FormReason.UNKNOWN_PREFIX, "x", 0),
        ("regex(word, '(')", FormReason.BAD_PATTERN, "(", 0),
        ("false() and frob()", FormReason.UNKNOWN_FUNCTION, "frob", 12),
    ],
)
def test_a_mistake_is_found_when_the_expression_is_compiled(
    text: str, reason: FormReason, name: str, column: int
) -> None:
    with pytest.raises(ExpressionRefused) as caught:
        compile_text(text)

    facts = caught.value.facts
    assert (facts["reason"], facts["name"], facts["column"]) == (reason, name, column)


def test_a_sum_of_five_thousand_terms_is_compiled_and_run() -> None:
    assert value_of(" + ".join(["1"] * 5_000)) == 5_000
    assert value_of(" or ".join(["false()"] * 2_000)) is False
    assert value_of("1 = 1" + " = true()" * 2_000) is True


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1e15, "1000000000000000"),
        (1e21, "1000000000000000000000"),
        (-1.5e-9, "-0.0000000015"),
        (math.inf, "Infinity"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_a_number_is_written_without_an_exponent(number: float, text: str) -> None:
    assert number_text(number) == text
