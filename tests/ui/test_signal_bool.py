"""The Python on Debian 12 must survive its Qt: stack, PySide6 6.12.0 on Python 3.11."""

from __future__ import annotations

import subprocess
import sys

_EMITS = """
from PySide6.QtCore import QObject, Signal

class Source(QObject):
    told = Signal(bool)

source, heard = Source(), []
source.told.connect(heard.append)
for _ in range(10_000):
    source.told.emit(True)
print(len(heard))
"""


def test_ten_thousand_true_signals_leave_the_process_alive() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _EMITS], capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stdout.strip()) == (0, "10000")
