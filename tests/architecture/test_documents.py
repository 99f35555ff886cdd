"""The pages beside the code: links lead somewhere, commands exist, decisions stay short."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import ROOT, our_texts

_PAGES = sorted(name for name in our_texts() if name.endswith(".md"))
_DECISIONS = [name for name in _PAGES if name.startswith("docs/decisions/")]
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_COMMAND = re.compile(r"\bmake ([a-z-]+)")
_QUOTED_PATH = re.compile(r"`((?:fieldapp|tests|docs|resources|bench)/[\w./-]+)`")


def _targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", our_texts()["Makefile"], flags=re.MULTILINE))


@pytest.mark.parametrize("page", _PAGES)
def test_links_and_named_files_of_a_page_exist(page: str) -> None:
    folder = (ROOT / page).parent
    linked = [folder / target for target in _LINK.findall(our_texts()[page])]
    quoted = [ROOT / path for path in _QUOTED_PATH.findall(our_texts()[page])]

    assert [str(path.relative_to(ROOT)) for path in linked + quoted if not path.exists()] == []


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md"])
def test_every_make_command_of_a_page_is_a_target(page: str) -> None:
    # Prose may say "make" too; a command stands in code.
    code = "\n".join(re.findall(r"`[^`\n]+`|^ {4}.*$", our_texts()[page], flags=re.MULTILINE))
    commands = set(_COMMAND.findall(code))

    assert {"run", "test"} <= commands
    assert commands - _targets() == set()


def test_every_target_is_explained_by_make_help() -> None:
    explained = set(re.findall(r"^([a-z-]+):.*## \S", our_texts()["Makefile"], flags=re.MULTILINE))

    assert explained == _targets()


def test_decisions_are_numbered_without_holes() -> None:
    numbers = [int(name.removeprefix("docs/decisions/")[:4]) for name in _DECISIONS]

    assert numbers == list(range(1, len(_DECISIONS) + 1))


@pytest.mark.parametrize("page", _DECISIONS)
def test_a_decision_says_what_and_why_and_what_follows_on_half_a_page(page: str) -> None:
    text = our_texts()[page]

    assert all(word in text for word in ("**Decided**", "**Because**", "**So**", "Rejected"))
    assert len(text.splitlines()) <= 30


def test_the_readme_speaks_korean_first() -> None:
    korean, _, english = our_texts()["README.md"].partition("# In English")

    assert re.search(r"[가-힣]{2}", korean)
    assert english.strip()
