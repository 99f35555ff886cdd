"""Whatever the document of the doors allows, and much that it forbids, is answered: never by 500.

schemathesis makes the requests from the OpenAPI document that the server itself hands out;
FUZZ_EXAMPLES says how many a door. Not for push: from the patterns of an operation it makes none in
a minute. Pushes that are nearly right stand in `test_any_push.py`.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeAlias, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error

from fieldapp.sync import protocol
from tests.servers import Server

load_all_checks()
Case: TypeAlias = schemathesis.Case[Any]
Door: TypeAlias = schemathesis.APIOperation[Any, Any, Any, Any]
BOUNDED = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "5")),
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def doors(server: Server) -> list[Door]:
    """The doors of the document, as the server tells it."""
    document = schemathesis.openapi.from_url(f"{server.base_url}/openapi.json")
    found = [cast("Door", one.ok()) for one in document.get_all_operations()]  # type: ignore[union-attr]
    return [door for door in found if door.path != protocol.PUSH]


def ask(doors: list[Door], change: Callable[[Case], dict[str, str]]) -> None:
    """Many requests at each door; `change` may alter one, and gives the headers it goes with."""
    for door in doors:
        cases = st.one_of(door.as_strategy(), door.as_strategy(GenerationMode.NEGATIVE))

        @BOUNDED
        @given(case=cases)
        def asked(case: Case) -> None:
            headers = change(case)
            case.validate_response(case.call(headers=headers), checks=[not_a_server_error])

        asked()


def test_a_stranger_gets_no_server_error_from_any_door(doors: list[Door]) -> None:
    assert len(doors) > 6

    ask(doors, lambda _: {})


def test_a_device_gets_no_server_error_from_any_door(server: Server, doors: list[Door]) -> None:
    device = server.new_laptop()
    headers = {
        name: device.http.headers[name]
        for name in ("Authorization", protocol.PROTOCOL_HEADER, protocol.REPLICA_HEADER)
    }

    def as_device(case: Case) -> dict[str, str]:
        case.body = _named(case.body, device.replica)
        return headers

    ask(doors, as_device)


def _named(value: Any, replica: str) -> Any:
    """The body with every `replica` that of the device: so that it gets past the first look."""
    if isinstance(value, dict):
        return {
            key: replica if key == "replica" else _named(one, replica) for key, one in value.items()
        }
    return [_named(one, replica) for one in value] if isinstance(value, list) else value
