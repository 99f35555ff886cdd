"""`fieldapp server sweep|cards|checkpoints`: what is done to a server now and then.

A FieldAppError passes through to `__main__`, which prints its sentences.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp.clock import KOREA, SystemClock
from fieldapp.server import log_checkpoints
from fieldapp.server.accounts import owner_connection
from fieldapp.server.configuration import DEFAULT_FILES, FILES_VARIABLE, ServerSettings
from fieldapp.settings import read_settings

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_upkeep_commands(server: Subparsers, owner_url: Callable[[], str], owner_help: str) -> None:
    """Add the commands; `owner_url` is asked when one runs."""
    sweeping = server.add_parser(
        "sweep",
        help="아무 기록도 가리키지 않는 첨부와 끊긴 전송을 세고, --delete를 붙이면 지웁니다",
        epilog=owner_help,
    )
    files = os.environ.get(FILES_VARIABLE) or DEFAULT_FILES
    sweeping.add_argument("--files", type=Path, default=files, help="첨부 폴더")
    sweeping.add_argument("--delete", action="store_true", help="세기만 하지 않고 지웁니다")
    sweeping.add_argument(
        "--even-most", action="store_true", help="첨부의 절반이 넘더라도 지웁니다"
    )
    sweeping.set_defaults(run=lambda arguments: _sweep(arguments, owner_url()))

    cards_ = server.add_parser(
        "cards",
        help="다른 관할에 보이는 대상 카드를 새 서식이 정한 항목으로 다시 만듭니다",
        epilog=owner_help,
    )
    packs = read_settings().packs
    cards_.add_argument("--packs", type=Path, default=packs, help="서식 폴더(*.xlsx)")
    cards_.set_defaults(run=lambda arguments: _cards(arguments.packs, owner_url()))

    checking = server.add_parser(
        "checkpoints",
        help="기기가 서명해 보낸 접속기록 확인점이 기록과 맞는지 보여 줍니다",
        epilog=owner_help,
    )
    checking.set_defaults(run=lambda _arguments: _checkpoints(owner_url()))


def _sweep(arguments: argparse.Namespace, owner_url: str) -> int:
    # Only here: the object store takes longer to import than the other commands take to run.
    from fieldapp.server import sweeping  # noqa: PLC0415
    from fieldapp.server.object_store import ObjectStore  # noqa: PLC0415

    store, now = ObjectStore(arguments.files), SystemClock().now()
    with owner_connection(owner_url) as owner:
        found = sweeping.look(owner, store, now)
    print(f"첨부 {found.stored}개 {_megabytes(found.stored_bytes)}")
    print(f"아무 기록도 가리키지 않는 것 {len(found.lost)}개 {_megabytes(found.lost_bytes)}")
    print(f"기록에는 있고 폴더에는 없는 것 {found.missing}개")
    print(f"기한이 지난 전송 {found.expired}건")
    if not arguments.delete:
        print("세기만 했습니다. 지우려면 --delete를 붙이세요.")
        return 0
    with owner_connection(owner_url, autocommit=True) as owner:
        gone = sweeping.sweep(owner, store, found, now, even_most=arguments.even_most)
    print(f"첨부 {gone}개를 지웠습니다.")
    return 0


def _cards(packs: Path, owner_url: str) -> int:
    # Only here: the form engine takes longer to import than the other commands take to run.
    from fieldapp.server import cards  # noqa: PLC0415
    from fieldapp.server.database import open_pool  # noqa: PLC0415
    from fieldapp.server.forms import Forms  # noqa: PLC0415

    with owner_connection(owner_url) as owner:
        by_scope = cards.members(owner)
    pool = open_pool(ServerSettings(database_url=owner_url, packs_dir=packs))
    try:
        forms = Forms.load(packs, SystemClock()).refreshed(pool)
        changed = cards.refresh(pool, by_scope, forms.card_of)
    finally:
        pool.close()
    print(f"카드 {changed}장을 다시 만들었습니다.")
    return 0


def _checkpoints(owner_url: str) -> int:
    """1 where something does not hold, so that a timer may tell of it."""
    with owner_connection(owner_url) as owner:
        checked = log_checkpoints.list_checked(owner)
    for one in checked:
        stands = "맞는 확인점이 없습니다"
        if one.stored_at is not None:
            seen = one.stored_at.astimezone(KOREA)
            stands = f"{one.log_seq}번 줄까지 맞음({seen:%Y-%m-%d %H:%M} 받음)"
        doubt = f"  어긋난 확인점 {one.doubtful}개: 이 노트북의 접속기록을 살펴보세요"
        print(f"{one.replica}  {one.account}  {stands}{doubt if one.doubtful else ''}")
    return int(any(one.doubtful for one in checked))


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f}MB"
