"""Every error has its three sentences, and none of them speaks of a fact the error has not."""

from __future__ import annotations

import ast
import inspect
import re
import string

import pytest

from fieldapp import errors, messages
from fieldapp.errors import FieldAppError, FormReason
from tests.architecture.tree import our_modules

ERRORS = sorted(
    (
        item
        for item in vars(errors).values()
        if inspect.isclass(item) and issubclass(item, FieldAppError)
    ),
    key=lambda item: item.__name__,
)
PLACEHOLDERS = string.Formatter()


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in PLACEHOLDERS.parse(sentence) if name is not None}


@pytest.mark.parametrize("error", ERRORS, ids=lambda item: item.__name__)
def test_every_error_has_its_own_three_sentences(error: type[FieldAppError]) -> None:
    message = messages.MESSAGES[error]

    assert all(part.strip() for part in (message.happened, message.safe, message.next))
    assert placeholders(message.as_text()) <= error.FACTS


@pytest.mark.parametrize("error", ERRORS, ids=lambda item: item.__name__)
def test_sentences_are_polite(error: type[FieldAppError]) -> None:
    """하십시오체, or a request in 해요체; facts may follow."""
    message = messages.MESSAGES[error]

    for sentence in (message.happened, message.safe, message.next):
        assert re.search(r"(니다|세요|시오)(\W|$)", sentence), sentence
        assert not re.search(r"(했다|한다|없다|이다)\.", sentence), sentence


@pytest.mark.parametrize("error", ERRORS, ids=lambda item: item.__name__)
def test_an_error_without_its_facts_still_speaks(error: type[FieldAppError]) -> None:
    text = messages.message_for(error()).as_text()

    assert "{" not in text
    assert text.count("\n") >= 2


@pytest.mark.parametrize("reason", FormReason)
def test_every_reason_of_a_form_has_its_phrase(reason: FormReason) -> None:
    phrase = messages.FORM_REASONS[reason]
    error = errors.ExpressionRefused(expression="1 +", column=3, reason=reason, name="가상")

    assert placeholders(phrase) <= errors.ExpressionRefused.FACTS
    assert phrase.format(name="가상") in messages.message_for(error).happened


def test_no_message_speaks_of_an_error_that_is_gone() -> None:
    assert set(messages.MESSAGES) == set(ERRORS)


def test_the_tree_at_the_head_of_errors_names_every_error() -> None:
    tree = errors.__doc__ or ""

    assert [item.__name__ for item in ERRORS if item.__name__ not in tree] == []


def test_an_error_shows_its_name_and_not_what_somebody_typed() -> None:
    error = errors.AddressRefused(address="https://user:secret@example.org")

    assert "secret" not in f"{error} {error!r}"


def test_errors_are_raised_with_facts_they_know() -> None:
    """A misspelt fact would only be found when the trouble comes: here it is found before."""
    known = {item.__name__: item.FACTS for item in ERRORS}
    wrong = []
    for name, tree in our_modules().items():
        if not name.startswith("fieldapp/"):
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id not in known:
                continue
            given = {keyword.arg for keyword in node.keywords if keyword.arg is not None}
            if not given <= known[node.func.id] or node.args:
                wrong.append((name, node.lineno))
    assert wrong == []
