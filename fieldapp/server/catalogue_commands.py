"""`fieldapp server publish|withdraw|catalogue`: what laptops are offered.

A FieldAppError passes through to `__main__`, which prints its sentences.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from fieldapp.clock import KOREA, SystemClock
from fieldapp.domain.catalogue import ITEM_MAX_BYTES
from fieldapp.domain.plans import PackProblem
from fieldapp.errors import PackRefused
from fieldapp.packs import LIST_ID, read_pack
from fieldapp.server import publishing
from fieldapp.server.accounts import owner_connection

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_KINDS = {"pack": "서식", "list": "목록"}


def add_catalogue_commands(
    server: Subparsers, owner_url: Callable[[], str], owner_help: str
) -> None:
    """Add the commands; `owner_url` is asked when one runs."""
    publishing_ = server.add_parser(
        "publish", help="서식(.xlsx)이나 참고 목록(.csv)을 노트북에 내놓습니다", epilog=owner_help
    )
    publishing_.add_argument("file", type=Path)
    publishing_.add_argument(
        "--scope",
        default=publishing.FOR_ALL,
        help="받을 곳: ref:all(모두)이나 ref:관할(그 관할과 아래 관할). 없으면 ref:all",
    )
    publishing_.add_argument("--version", help="목록의 판 번호(서식은 settings 시트에 있습니다)")
    publishing_.set_defaults(run=lambda arguments: _publish(arguments, owner_url()))

    withdrawing = server.add_parser(
        "withdraw",
        help="내놓은 판을 거둡니다(그 판으로 적은 기록은 그대로 씁니다)",
        epilog=owner_help,
    )
    withdrawing.add_argument("kind", choices=tuple(_KINDS))
    withdrawing.add_argument("name")
    withdrawing.add_argument("version")
    withdrawing.set_defaults(run=lambda arguments: _withdraw(arguments, owner_url()))

    listing = server.add_parser(
        "catalogue", help="내놓은 서식과 목록을 보여 줍니다", epilog=owner_help
    )
    listing.set_defaults(run=lambda _arguments: _list(owner_url()))


def _publish(arguments: argparse.Namespace, owner_url: str) -> int:
    path: Path = arguments.file
    try:
        with path.open("rb") as file:
            # One byte more than may be published is enough to know that it is too large.
            content = file.read(ITEM_MAX_BYTES + 1)
        if path.suffix == ".csv":
            return _publish_list(arguments, content, owner_url)
        pack = read_pack(content, path.name)
    except OSError:
        _tell("파일", f"'{path.name}'을(를) 열 수 없습니다.", "파일의 자리와 이름을 살펴보세요.")
        return 1
    except PackRefused as refused:
        return _print_refused(refused)
    try:
        with owner_connection(owner_url) as owner:
            is_new = publishing.publish_pack(
                owner, pack, scope=arguments.scope, at=SystemClock().now()
            )
    except PackRefused as refused:
        return _print_refused(refused)
    return _published(f"{pack.plans.title}({pack.form.id}, {pack.form.version}판)", is_new=is_new)


def _publish_list(arguments: argparse.Namespace, content: bytes, owner_url: str) -> int:
    name = arguments.file.stem
    if not LIST_ID.fullmatch(name):
        remedy = "파일 이름을 영문자로 시작해 영문자, 숫자, _만으로 적으세요. 예: sigungu.csv"
        _tell("파일", f"'{name}'은(는) 목록의 이름으로 쓸 수 없습니다.", remedy)
        return 1
    if not arguments.version:
        _tell("--version", "판 번호가 비어 있습니다.", "예: --version 2026120101")
        return 1
    with owner_connection(owner_url) as owner:
        is_new = publishing.publish_list(
            owner,
            content,
            name=name,
            version=arguments.version,
            scope=arguments.scope,
            at=SystemClock().now(),
        )
    return _published(f"목록 {name}({arguments.version}판)", is_new=is_new)


def _withdraw(arguments: argparse.Namespace, owner_url: str) -> int:
    with owner_connection(owner_url) as owner:
        publishing.withdraw(
            owner, arguments.kind, arguments.name, arguments.version, at=SystemClock().now()
        )
    print("거두었습니다. 노트북에 이미 있는 것은 그대로 있습니다.")
    return 0


def _list(owner_url: str) -> int:
    with owner_connection(owner_url) as owner:
        _print_items(owner)
    return 0


def _print_items(owner: psycopg.Connection) -> None:
    for item in publishing.list_items(owner):
        published = item.published_at.astimezone(KOREA)
        print(
            f"{_KINDS[item.kind]}  {item.id}  {item.version}판  {', '.join(item.scopes)}"
            f"  {item.size:,}바이트  {published:%Y-%m-%d %H:%M}"
            f"{'  거둠' if item.is_withdrawn else ''}"
        )


def _published(what: str, *, is_new: bool) -> int:
    if is_new:
        print(f"{what}을(를) 내놓았습니다. 노트북은 다음에 주고받을 때 받습니다.")
    else:
        print(f"{what}은(는) 이미 내놓았습니다.")
    return 0


def _print_refused(refused: PackRefused) -> int:
    problems = refused.facts["problems"]
    assert isinstance(problems, tuple)  # noqa: S101 - what PackRefused carries
    for problem in problems:
        print(problem.as_text(), file=sys.stderr)
    print(f"고칠 곳 {refused.facts['count']}군데. 내놓지 않았습니다.", file=sys.stderr)
    return 1


def _tell(place: str, problem: str, remedy: str) -> None:
    print(PackProblem(place, 0, "", problem, remedy).as_text(), file=sys.stderr)
