"""The three engines as processes that are driven alike, over lines with tabs between the fields.

    load FILE · reload · fill FILE · answer PATH LOOKED_AT TEXT… · choose PATH ASKED TEXT…
    survey PATH TEXT… · grow PATH COUNT · write TIMES

An engine answers `ready` once, and then to each line `ok PROOF MS…` or `no NAME REASON`. It takes
its times itself, by its own clock, so the pipe is in none of them; ours tells `MS/OWN`, the second
being what its process was at work, which other work on the machine does not lengthen. `reload`,
from what is kept of a form, is ours alone. An engine that cannot be run here is told of in words.
"""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyxform

PEERS = Path(__file__).resolve().parent / "peers"
ROOT = PEERS.parent.parent.parent
OURS, XFORMS_ENGINE, JAVAROSA = "ours", "xforms-engine", "JavaRosa"

START_LIMIT_S, ANSWER_LIMIT_S, INSTALL_LIMIT_S = 60.0, 300.0, 600.0


class EngineMissing(Exception):
    """An engine cannot be run here; its text says why."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What an operation came to: the milliseconds of each step, and a proof to compare."""

    ms: tuple[float, ...] = ()
    own_ms: tuple[float, ...] = ()
    proof: str = ""
    refusal: str = ""


class Engine:
    """One engine's process. Raises EngineMissing when it does not start."""

    def __init__(self, name: str, command: Sequence[str], folder: Path = ROOT) -> None:
        self.name = name
        # What it complains of may be long, and is only wanted when it does not start.
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            text=True,
            encoding="utf-8",
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if self._line(START_LIMIT_S) != "ready":
            complaint = self._last_complaint()
            self.close()
            raise EngineMissing(f"did not start: {complaint}")

    def ask(self, *line: str) -> Answered:
        """Have one operation done. An engine that gives no answer is given up."""
        if self._process.stdin is None or self._process.poll() is not None:
            return Answered(refusal="it has ended")
        self._process.stdin.write("\t".join(line) + "\n")
        self._process.stdin.flush()
        answer = self._line(ANSWER_LIMIT_S)
        if answer is None:
            self.close()
            return Answered(refusal=f"no answer in {ANSWER_LIMIT_S:.0f} s")
        word, *fields = answer.split("\t")
        if word != "ok":
            return Answered(refusal=" ".join(fields) or "it ended")
        told = [one.partition("/") for one in fields[1:]]
        return Answered(
            ms=tuple(float(clock) for clock, _, _ in told),
            own_ms=tuple(float(own) for _, _, own in told if own),
            proof=fields[0],
        )

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout, self._complaints):
            if pipe is not None:
                pipe.close()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._lines.put(line.rstrip("\n"))
        self._lines.put("")  # it has ended

    def _line(self, limit_s: float) -> str | None:
        try:
            return self._lines.get(timeout=limit_s)
        except queue.Empty:
            return None

    def _last_complaint(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        last = lines[-1] if lines else "in silence"
        return next((line for line in lines if "rror" in line), last)


def start_engines(*, may_install: bool = True) -> tuple[list[Engine], dict[str, str]]:
    """Those that run here, ours first, and the reasons of those that do not."""
    engines = [Engine(OURS, (sys.executable, "-m", "bench.forms.ours"))]
    missing: dict[str, str] = {}
    starts: Mapping[str, Callable[[], Engine]] = {
        XFORMS_ENGINE: lambda: _xforms_engine(may_install=may_install),
        JAVAROSA: _javarosa,
    }
    for name, start in starts.items():
        try:
            engines.append(start())
        except EngineMissing as reason:
            missing[name] = str(reason)
    return engines, missing


def _xforms_engine(*, may_install: bool) -> Engine:
    """In Node; what it needs is fetched by npm into a folder that git ignores, once."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None:
        raise EngineMissing("node was not found")
    if not _is_installed():
        if not may_install:
            raise EngineMissing("its packages are not installed (make bench-forms does it)")
        if npm is None:
            raise EngineMissing("npm was not found, and its packages are not installed")
        _install(npm)
    return Engine(XFORMS_ENGINE, (node, "xforms_engine.mjs"), PEERS)


def _is_installed() -> bool:
    wanted = json.loads((PEERS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    for name, version in wanted.items():
        told = PEERS / "node_modules" / name / "package.json"
        if not told.is_file():
            return False
        if json.loads(told.read_text(encoding="utf-8"))["version"] != version:
            return False
    return True


def _install(npm: str) -> None:
    # No lock file: it would record from where each package came.
    command = (npm, "install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund")
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=PEERS, check=False, capture_output=True, text=True, timeout=INSTALL_LIMIT_S
        )
    except subprocess.TimeoutExpired:
        raise EngineMissing(f"npm was not done in {INSTALL_LIMIT_S:.0f} s") from None
    if done.returncode != 0:
        raise EngineMissing("npm could not install its packages (is there a network?)")


def _javarosa() -> Engine:
    """In Java, out of the jar with which pyxform checks forms."""
    java = shutil.which("java")
    if java is None:
        raise EngineMissing("java was not found")
    jar = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
    if not jar.is_file():
        raise EngineMissing("pyxform came without ODK_Validate.jar")
    return Engine(JAVAROSA, (java, "-cp", str(jar), str(PEERS / "JavaRosa.java")))
