"""Whatever workers, lines, clocks and disks do, nothing is lost, doubled, torn or stuck (T1).

`FIELDAPP_TRUTH_EXAMPLES=500` lets it live through more than `make test` does. The server has a
database of its own, which it loses again and again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fieldapp.server.embedded import EmbeddedPostgres
from tests import restoring
from tests.servers import Server
from tests.sync.office_life import OfficeLife

EXAMPLES = int(os.environ.get("FIELDAPP_TRUTH_EXAMPLES", "3"))
PHASES = tuple(Phase) if os.environ.get("FIELDAPP_TRUTH_SHRINKS") else (Phase.generate,)


@pytest.fixture(scope="module")
def losing(
    postgres: EmbeddedPostgres, compiled_packs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server whose database may be lost."""
    with restoring.office(postgres, compiled_packs, tmp_path_factory.mktemp("dumps")) as made:
        yield made.server


def test_any_month_of_three_laptops_ends_in_one_truth(losing: Server) -> None:
    OfficeLife.server = losing
    run_state_machine_as_test(
        OfficeLife,
        settings=settings(
            max_examples=EXAMPLES,
            # The same few months in every `make test`; others whenever more are asked for.
            derandomize="FIELDAPP_TRUTH_EXAMPLES" not in os.environ,
            stateful_step_count=40,
            # A failure here has one cause among many steps; making it small takes many minutes.
            phases=PHASES,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
