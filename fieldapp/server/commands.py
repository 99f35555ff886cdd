"""`fieldapp server …`: run, migrate, and the few things an operator does to accounts.

A FieldAppError passes through to `__main__`, which prints its sentences.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fieldapp.clock import SystemClock
from fieldapp.server import accounts
from fieldapp.server.configuration import ServerSettings
from fieldapp.server.migrations import migrate
from fieldapp.settings import read_settings

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DATABASE_VARIABLE = "DATABASE_URL"
OWNER_VARIABLE = "FIELDAPP_OWNER_URL"
SYNC_PASSWORD_VARIABLE = "FIELDAPP_SYNC_PASSWORD"  # noqa: S105 - the variable's name


def add_commands(subparsers: Subparsers) -> None:
    """Add `server` and what belongs to it; each sets `run(arguments) -> exit code`."""
    server = subparsers.add_parser("server", help="앱 서버").add_subparsers(required=True)

    run = server.add_parser("run", help=f"서버를 켭니다 ({DATABASE_VARIABLE}의 데이터베이스)")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=8080, help="0이면 빈 포트를 씁니다")
    run.add_argument("--packs", type=Path, default=read_settings().packs, help="서식 폴더(*.xlsx)")
    run.set_defaults(run=_run)

    owner_help = f"소유자 주소: {OWNER_VARIABLE}, 없으면 {DATABASE_VARIABLE}"
    migrating = server.add_parser(
        "migrate", help="데이터베이스를 이 판에 맞춥니다", epilog=owner_help
    )
    migrating.set_defaults(run=_migrate)

    user = server.add_parser("add-user", help="계정을 만들거나 고칩니다", epilog=owner_help)
    user.add_argument("user")
    user.add_argument("--name", required=True)
    user.add_argument("--role", action="append", default=[])
    user.add_argument("--scope", action="append", default=[])
    user.add_argument("--password-stdin", action="store_true", help="비밀번호를 표준입력에서 읽음")
    user.set_defaults(run=_add_user)

    scope = server.add_parser("add-scope", help="관할을 만듭니다", epilog=owner_help)
    scope.add_argument("scope")
    scope.add_argument("--kind", choices=("town", "org", "private"), default="town")
    scope.add_argument("--parent")
    scope.set_defaults(run=_add_scope)

    inviting = server.add_parser("invite", help="등록 코드를 만듭니다", epilog=owner_help)
    inviting.add_argument("user")
    inviting.add_argument("--scope", required=True)
    inviting.set_defaults(run=_invite)


def _run(arguments: argparse.Namespace) -> int:
    # Only here: the web framework takes longer to import than the other commands take to run.
    from fieldapp.server.serving import serve  # noqa: PLC0415

    settings = ServerSettings(
        database_url=os.environ.get(DATABASE_VARIABLE, ""), packs_dir=arguments.packs
    )
    return serve(settings, host=arguments.host, port=arguments.port)


def _migrate(_arguments: argparse.Namespace) -> int:
    version = migrate(_owner_url(), sync_password=os.environ.get(SYNC_PASSWORD_VARIABLE))
    print(f"데이터베이스는 {version}판입니다.")
    return 0


def _add_user(arguments: argparse.Namespace) -> int:
    if arguments.password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass.getpass("서버 비밀번호: ")
    with accounts.owner_connection(_owner_url()) as owner:
        accounts.add_user(
            owner,
            arguments.user,
            name=arguments.name,
            password=password,
            roles=arguments.role,
            scopes=arguments.scope,
        )
    print("계정을 저장했습니다.")
    return 0


def _add_scope(arguments: argparse.Namespace) -> int:
    with accounts.owner_connection(_owner_url()) as owner:
        accounts.add_scope(owner, arguments.scope, kind=arguments.kind, parent=arguments.parent)
    print("관할을 저장했습니다.")
    return 0


def _invite(arguments: argparse.Namespace) -> int:
    with accounts.owner_connection(_owner_url()) as owner:
        code = accounts.invite(owner, arguments.user, scope=arguments.scope, at=SystemClock().now())
    print(code)
    return 0


def _owner_url() -> str:
    return os.environ.get(OWNER_VARIABLE) or os.environ.get(DATABASE_VARIABLE, "")
