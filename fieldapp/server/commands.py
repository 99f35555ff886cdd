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

from fieldapp.clock import KOREA, SystemClock
from fieldapp.errors import CertificateRefused
from fieldapp.server import accounts, devices, settlement
from fieldapp.server.catalogue_commands import add_catalogue_commands
from fieldapp.server.configuration import DEFAULT_FILES, FILES_VARIABLE, ServerSettings
from fieldapp.server.log_commands import add_log_command
from fieldapp.server.migrations import migrate
from fieldapp.server.upkeep_commands import add_upkeep_commands
from fieldapp.settings import read_settings

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DATABASE_VARIABLE = "DATABASE_URL"
OWNER_VARIABLE = "FIELDAPP_OWNER_URL"
_STATES = {"active": "쓰는 중", "drain": "반납 준비", "revoked": "사용 중지"}
SYNC_PASSWORD_VARIABLE = "FIELDAPP_SYNC_PASSWORD"  # noqa: S105 - the variable's name


def add_commands(subparsers: Subparsers) -> None:
    """Add `server` and what belongs to it; each sets `run(arguments) -> exit code`."""
    server = subparsers.add_parser("server", help="앱 서버").add_subparsers(required=True)

    _add_run(server)

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
    scope.add_argument("--label", help="사람이 부르는 이름, 없으면 관할 번호를 그대로 씁니다")
    scope.set_defaults(run=_add_scope)

    leaving = server.add_parser("remove-member", help="계정을 관할에서 뺍니다", epilog=owner_help)
    leaving.add_argument("user")
    leaving.add_argument("--scope", required=True)
    leaving.set_defaults(run=_remove_member)

    listing = server.add_parser("devices", help="기기를 보여 줍니다", epilog=owner_help)
    listing.add_argument("--user", help="이 계정의 기기만")
    listing.set_defaults(run=_devices)
    for command, state, told in (
        ("drain", "drain", "반납 준비: 보내기만 하게 합니다"),
        ("revoke", "revoked", "사용 중지: 주고받지 못하게 합니다(기기의 기록은 지우지 않습니다)"),
        ("readmit", "active", "반납 준비나 사용 중지를 거두어 다시 쓰게 합니다"),
    ):
        setting = server.add_parser(command, help=told, epilog=owner_help)
        setting.add_argument("replica", help="기기 번호: server devices가 보여 줍니다")
        setting.set_defaults(run=_set_state, state=state)

    add_catalogue_commands(server, _owner_url, owner_help)
    add_upkeep_commands(server, _owner_url, owner_help)
    add_log_command(server, _owner_url, owner_help)

    inviting = server.add_parser("invite", help="등록 코드를 만듭니다", epilog=owner_help)
    inviting.add_argument("user")
    inviting.add_argument("--scope", required=True)
    inviting.set_defaults(run=_invite)

    marking = server.add_parser(
        "mark", help="백업을 시작하기 전에 어디까지 받았는지 표시합니다", epilog=owner_help
    )
    marking.set_defaults(run=_mark)

    settling = server.add_parser(
        "settle", help="표시한 뒤에 뜬 백업이 온전하다고 알립니다", epilog=owner_help
    )
    settling.add_argument("mark", help="server mark가 알려 준 표시")
    settling.set_defaults(run=_settle)

    restored = server.add_parser(
        "restored", help="백업으로 되살린 데이터베이스임을 알립니다", epilog=owner_help
    )
    restored.set_defaults(run=_restored)

    refilled = server.add_parser(
        "refilled", help="되살린 뒤 모든 기기가 다시 주고받았음을 알립니다", epilog=owner_help
    )
    refilled.set_defaults(run=_refilled)


def _add_run(server: Subparsers) -> None:
    run = server.add_parser("run", help=f"서버를 켭니다 ({DATABASE_VARIABLE}의 데이터베이스)")
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--port", type=int, default=8080, help="0이면 빈 포트를 씁니다")
    run.add_argument("--packs", type=Path, default=read_settings().packs, help="서식 폴더(*.xlsx)")
    files = os.environ.get(FILES_VARIABLE) or DEFAULT_FILES
    run.add_argument("--files", type=Path, default=files, help="첨부 폴더(모든 앱 서버가 함께 씀)")
    run.add_argument(
        "--tls-certificate",
        type=Path,
        help="서버 인증서(PEM, 중간 인증서 포함). 적으면 https로만 받습니다."
        " 노트북은 컴퓨터의 인증기관이나 기관이 준 인증서 파일로 서버를 확인합니다",
    )
    run.add_argument(
        "--tls-key", type=Path, help="인증서의 열쇠(PEM). 없으면 인증서 파일에서 찾습니다"
    )
    run.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    # Only here: the web framework takes longer to import than the other commands take to run.
    from fieldapp.server.serving import Tls, serve  # noqa: PLC0415

    settings = ServerSettings(
        database_url=os.environ.get(DATABASE_VARIABLE, ""),
        packs_dir=arguments.packs,
        files_dir=arguments.files,
    )
    certificate, key = arguments.tls_certificate, arguments.tls_key
    if certificate is None and key is not None:
        # Whoever names a key means TLS: a plain line would carry passwords as they are.
        raise CertificateRefused
    tls = None if certificate is None else Tls(certificate, key or certificate)
    return serve(settings, host=arguments.host, port=arguments.port, tls=tls)


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
        accounts.add_scope(
            owner,
            arguments.scope,
            kind=arguments.kind,
            parent=arguments.parent,
            label=arguments.label,
        )
    print("관할을 저장했습니다.")
    return 0


def _remove_member(arguments: argparse.Namespace) -> int:
    with accounts.owner_connection(_owner_url()) as owner:
        accounts.remove_member(owner, arguments.user, arguments.scope)
    print("관할에서 뺐습니다. 보내지 못한 기록은 기기에 그대로 있습니다.")
    return 0


def _devices(arguments: argparse.Namespace) -> int:
    with accounts.owner_connection(_owner_url()) as owner:
        for device in devices.list_devices(owner, account=arguments.user):
            print(_told(device))
    return 0


def _set_state(arguments: argparse.Namespace) -> int:
    with accounts.owner_connection(_owner_url()) as owner:
        device = devices.set_state(owner, arguments.replica, arguments.state)
    print(_told(device))
    return 0


def _told(device: devices.Device) -> str:
    heard = device.last_seen.astimezone(KOREA)
    return (
        f"{device.replica}  {device.account}  {_STATES[device.state]}"
        f"  마지막 연결 {heard:%Y-%m-%d %H:%M}  받은 것 {device.applied_seq}건"
    )


def _invite(arguments: argparse.Namespace) -> int:
    with accounts.owner_connection(_owner_url()) as owner:
        code = accounts.invite(owner, arguments.user, scope=arguments.scope, at=SystemClock().now())
    print(code)
    return 0


def _mark(_arguments: argparse.Namespace) -> int:
    with accounts.owner_connection(_owner_url()) as owner:
        marked = settlement.mark(owner)
    print(marked)
    return 0


def _settle(arguments: argparse.Namespace) -> int:
    with accounts.owner_connection(_owner_url()) as owner:
        replicas = settlement.settle(owner, arguments.mark)
    print(f"기기 {replicas}대의 기록이 백업에 담겼습니다.")
    return 0


def _restored(_arguments: argparse.Namespace) -> int:
    with accounts.owner_connection(_owner_url()) as owner:
        settlement.begin_life(owner)
    print(
        "되살린 데이터베이스로 표시했습니다."
        " 기기마다 다음에 주고받을 때 백업 뒤의 기록을 다시 보냅니다."
        " 모두 보냈으면 fieldapp server refilled를 실행하세요."
    )
    return 0


def _refilled(_arguments: argparse.Namespace) -> int:
    with accounts.owner_connection(_owner_url()) as owner:
        settlement.end_refill(owner)
    print("모든 기기가 다시 보낸 것으로 표시했습니다.")
    return 0


def _owner_url() -> str:
    return os.environ.get(OWNER_VARIABLE) or os.environ.get(DATABASE_VARIABLE, "")
