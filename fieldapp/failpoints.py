"""Named places at which a test lets this process die as a power cut would.

`FIELDAPP_FAILPOINT=name:n` kills the process with SIGKILL at the n-th pass of that place; without
the variable a place costs one comparison. Nothing but dying can be asked for.
"""

from __future__ import annotations

import os
import signal

_VARIABLE = "FIELDAPP_FAILPOINT"
_name, _, _nth = os.environ.get(_VARIABLE, "").partition(":")
_left = int(_nth or 1)


def reach(name: str) -> None:
    """Pass a named place; die here if the environment says so."""
    global _left  # noqa: PLW0603 - a count of passes of this process
    if name != _name:
        return
    _left -= 1
    if _left == 0:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
