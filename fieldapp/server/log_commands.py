"""`fieldapp server log`: the access log of all devices as a table, for the privacy officer."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from fieldapp.clock import KOREA
from fieldapp.messages.deeds import DEED_WORDS
from fieldapp.server.accounts import owner_connection
from fieldapp.server.log_reading import ReadLine, Wanted, read_log

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_HEADS = ("때", "누가", "무엇을", "누구를", "기록", "서식", "자세히", "기기")
_LIMIT = 200


def add_log_command(server: Subparsers, owner_url: Callable[[], str], owner_help: str) -> None:
    """Add the command; `owner_url` is asked when it runs."""
    log = server.add_parser(
        "log", help="기기들이 올린 접속기록을 보여 줍니다(개인정보 보호책임자)", epilog=owner_help
    )
    log.add_argument("--user", help="이 계정이 한 일만")
    log.add_argument("--replica", help="이 기기에서 한 일만")
    log.add_argument("--of", metavar="ID", help="이 대상이나 기록에 한 일만")
    log.add_argument("--day", type=date.fromisoformat, help="이 날만(2026-12-01)")
    log.add_argument("--since", type=date.fromisoformat, help="이 날부터")
    log.add_argument("--until", type=date.fromisoformat, help="이 날까지")
    log.add_argument("--limit", type=_count, default=_LIMIT, help=f"최근 몇 줄까지({_LIMIT})")
    log.set_defaults(run=lambda arguments: _log(arguments, owner_url()))


def _log(arguments: argparse.Namespace, owner_url: str) -> int:
    wanted = Wanted(
        account=arguments.user,
        replica=arguments.replica,
        named=arguments.of,
        since=arguments.day or arguments.since,
        until=arguments.day or arguments.until,
    )
    with owner_connection(owner_url) as owner:
        found = read_log(owner, wanted, arguments.limit)
    print("\t".join(_HEADS))
    for one in found.lines:
        print("\t".join(_plain(cell) for cell in _cells(one)))
    broken = sum(one.is_broken for one in found.lines)
    print(f"{len(found.lines)}줄" + (f", 사슬이 끊긴 줄 {broken}줄" if broken else ""))
    if found.has_more:
        print("더 오래된 것이 있습니다. --until이나 --limit으로 넓혀 보세요.")
    return 0


def _cells(one: ReadLine) -> tuple[str, ...]:
    line = one.line
    at = datetime.fromisoformat(line.at).astimezone(KOREA)
    who = one.account if line.user in ("", one.account) else f"{line.user}(계정 {one.account})"
    deed = DEED_WORDS.get(line.deed, line.deed)
    return (
        f"{at:%Y-%m-%d %H:%M:%S}",
        who,
        f"{deed} [사슬 끊김]" if one.is_broken else deed,
        " ".join(f"{list_name}/{entity_id}" for list_name, entity_id in line.subjects) or "-",
        line.object or "-",
        line.form or "-",
        " ".join(f"{name}={value}" for name, value in sorted(line.detail.items())) or "-",
        line.device,
    )


def _plain(cell: str) -> str:
    """What a device wrote cannot steer the screen it is printed on, nor begin another column."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in cell)


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 100_000:
        raise argparse.ArgumentTypeError("1에서 100000까지")
    return count
