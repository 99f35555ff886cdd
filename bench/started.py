"""A process that opens a window and tells what it took; bench_start runs it and reads the answer.

    started.py app FOLDER     the real app over the profiles of FOLDER, up to its unlock window
    started.py open FOLDER    the same, and on with the password to the list of records
    started.py bare           a PySide6 window with nothing in it: the floor

It ends with one line of JSON: `window_at`, the monotonic instant (comparable between processes of
a machine) at which the window had painted; `window_rss`, bytes; after `open` also `opened_s` from
Enter to the painted list, `argon2_s` for the key alone, `opened_rss`; and `files`, what was read.
"""

from __future__ import annotations

import sys

if sys.argv[1] == "bare":
    pass
else:
    # As `python -m fieldapp` does, so that what is imported is what a worker waits for.

    import fieldapp.__main__  # noqa: F401

PASSWORD = "gasang-noteubuk-2026"


def main() -> None: ...
