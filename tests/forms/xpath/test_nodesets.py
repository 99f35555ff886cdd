"""Paths, axes, and what a node is called."""

from __future__ import annotations

import pytest

from tests.forms.xpath.asking import answer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(//x | //n)", "5"),
        ("count(n | n)", "3"),
        ("row[2]/x", "2"),
        ("count(row/x[1])", "2"),
        ("(row/x)[2]", "2"),
        ("(row/x)[position() < 3][2]", "2"),
        ("x/ancestor::*", ""),
        ("count(//x/ancestor::*)", "3"),
        ("count(//x[1]/ancestor-or-self::node())", "6"),
        ("n[3]/preceding-sibling::n[1]", "1"),
        ("n[1]/following-sibling::*[1]", "1"),
        ("count(n[2]/preceding::*)", "1"),
        ("count(word/following::*)", "7"),
        ("//x[../x = 2]", "2"),
        ("n[position() = 2]", "1"),
        ("n[2.5]", ""),
        ("n['']", ""),
        ("count(//@id)", "1"),
        ("@*", "ko-KR"),
        ("row[x = /data/row[2]/x]/x", "2"),
        ("count(row/..)", "1"),
        ("count(self::node())", "1"),
        ("count(descendant::text())", "8"),
        ("count(word/text())", "1"),
        ("count(word/child::node())", "1"),
        ("count(*)", "11"),
        ("count(a:*)", "1"),
        ("a:named/@a:kind", "k"),
        ("named", ""),
        ("count(/)", "1"),
    ],
)
def test_paths_walk_as_the_recommendation_says(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id('one')", "3"),
        ("count(id('one none'))", "1"),
        ("count(id(word))", "0"),
        ("local-name(a:named)", "named"),
        ("local-name()", "data"),
        ("name(n/@id)", "id"),
        ("name(a:named)", "a:named"),
        ("name(nothing)", ""),
        ("namespace-uri(a:named)", "urn:a"),
        ("namespace-uri(n)", ""),
    ],
)
def test_nodes_are_found_by_id_and_tell_their_names(text: str, expected: str) -> None:
    assert answer(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("lang('ko')", "true"), ("lang('KO-kr')", "true"), ("lang('en')", "false"),
     ("boolean(n[lang('ko')])", "true")],
)  # fmt: skip
def test_the_language_is_inherited(text: str, expected: str) -> None:
    assert answer(text) == expected
