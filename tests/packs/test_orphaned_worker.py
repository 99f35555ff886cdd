"""The worker process outlives nobody: when the app is killed, it ends by itself."""

from __future__ import annotations

import os
import select
import subprocess
import sys

import pytest

#: Generous: only a process that stays for ever takes longer.
_LIMIT_S = 120
_APP = """
import multiprocessing
import sys
from fieldapp.packs.worker import PackWorker

worker = PackWorker()
worker.warm()
print(multiprocessing.active_children()[0].pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process as Linux can")
def test_a_worker_without_work_ends_with_the_app() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _APP],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as app:
        assert app.stdout is not None
        ended = os.pidfd_open(int(app.stdout.readline()))
        app.kill()
        app.wait()

    assert select.select([ended], [], [], _LIMIT_S)[0] == [ended]
    os.close(ended)
