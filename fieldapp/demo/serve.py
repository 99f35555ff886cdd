"""`make server`: a demo district of one's own, kept until Ctrl+C; its data go with it."""

from __future__ import annotations

import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from fieldapp.clock import SystemClock
from fieldapp.demo.cast import EVERYBODY, SERVER_PASSWORD
from fieldapp.demo.district import opened_district
from fieldapp.demo.play import compiled
from fieldapp.settings import read_settings


def serve() -> int:
    """Print the address, the accounts and their enrol codes, then serve until interrupted."""
    with tempfile.TemporaryDirectory(prefix="fieldapp-demo-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        packs = compiled(read_settings(), folder / "packs")
        with opened_district(folder / "postgres", packs, SystemClock()) as district:
            print(f"서버 주소       {district.switch_on()}")
            print(f"서버 비밀번호   {SERVER_PASSWORD}")
            for worker in EVERYBODY:
                code = district.codes[worker.user]
                print(f"{worker.name} ({worker.scope})  등록 코드 {code}")
            print("Ctrl+C를 누르면 끕니다. 자료는 함께 지워집니다.", flush=True)
            with suppress(KeyboardInterrupt):
                threading.Event().wait()
    return 0
