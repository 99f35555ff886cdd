"""`python -m fieldapp`: the app itself, and the few commands beside it."""

from __future__ import annotations

import argparse
import getpass
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path

from fieldapp.errors import FieldAppError, RecoveryFileRefused, WrongPassword
from fieldapp.messages import message_for


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; without one, open the app. Returns the process's exit code."""
    multiprocessing.freeze_support()  # the pack compiler is a process of its own, bundled or not
    chosen = _parser().parse_args(arguments)
    try:
        code: int = chosen.run(chosen)
    except FieldAppError as error:
        print(message_for(error).as_text(), file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fieldapp", description="현장에서 한 번만 적는다.")
    parser.set_defaults(run=_open_app)
    commands = parser.add_subparsers(metavar="COMMAND")
    pack = commands.add_parser("pack", help="서식 파일(엑셀)을 살펴봅니다")
    pack_commands = pack.add_subparsers(required=True, metavar="COMMAND")
    check = pack_commands.add_parser("check", help="고칠 곳을 시트·행·열로 알려 줍니다")
    check.add_argument("file", type=Path)
    check.add_argument("--english", action="store_true", help="pyxform이 말한 것은 영어로도")
    check.set_defaults(run=_check_pack)
    _add_server(commands)
    _add_recovery(commands)
    demo = commands.add_parser("demo", help="가상 자료로 처음부터 끝까지 해 봅니다")
    demo.add_argument("--out", type=Path, default=Path("out"))
    demo.add_argument("--scale", type=int, default=1, help="가구 수의 배수 (67이면 약 2만 가구)")
    demo.set_defaults(run=_play_demo)
    server = commands.add_parser("demo-server", help="연습용 서버를 켭니다 (Ctrl+C로 끕니다)")
    server.set_defaults(run=_serve_demo)
    smoke = commands.add_parser("smoke", help="설치가 온전한지 한 부를 적고 인쇄해 봅니다")
    smoke.add_argument("out", type=Path, help="빈 폴더")
    smoke.set_defaults(run=_try_out)
    screens = commands.add_parser("screens", help="화면 그림을 다시 만듭니다")
    screens.add_argument("--out", type=Path, default=Path("docs/screens"))
    screens.set_defaults(run=_draw_screens)
    return parser


def _add_server(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The server's commands, where the server's packages are installed."""
    try:
        from fieldapp.server.commands import add_commands
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("fieldapp"):
            raise
        return
    add_commands(commands)


def _add_recovery(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What the office does for a worker who forgot the password."""
    recovery = commands.add_parser("recovery", help="비밀번호를 잊은 노트북을 위한 복구")
    deeds = recovery.add_subparsers(required=True, metavar="COMMAND")
    new_key = deeds.add_parser(
        "new-key", help="사무실의 복구 열쇠를 만듭니다 (공개 열쇠는 FILE.pub)"
    )
    new_key.add_argument("file", type=Path)
    new_key.set_defaults(run=_make_recovery_key)
    code = deeds.add_parser("code", help="복구 요청 파일의 복구코드를 읽어 줍니다")
    code.add_argument("request", type=Path)
    code.add_argument("--key", type=Path, required=True, help="사무실의 복구 열쇠 파일")
    code.set_defaults(run=_read_recovery_code)
    for command in (new_key, code):
        command.add_argument(
            "--passphrase-file", type=Path, help="열쇠의 비밀번호가 첫 줄에 있는 파일 (없으면 물음)"
        )


def _make_recovery_key(chosen: argparse.Namespace) -> int:
    from fieldapp.usecases.recovery import write_office_key

    made = write_office_key(chosen.file, _passphrase(chosen.passphrase_file, is_new=True))
    print(f"복구 열쇠 {made}을(를) 만들었습니다.")
    print(f"{chosen.file}: 잠가 두고 사본을 따로 보관하세요. 잃으면 복구코드를 읽을 수 없습니다.")
    print(f"{chosen.file}.pub: 서식 폴더에 recovery.pub이라는 이름으로 넣으세요.")
    return 0


def _read_recovery_code(chosen: argparse.Namespace) -> int:
    from fieldapp.usecases.recovery import read_out

    print(read_out(chosen.request, chosen.key, _passphrase(chosen.passphrase_file)))
    return 0


def _passphrase(file: Path | None, *, is_new: bool = False) -> str:
    """From the first line of a file, or typed unseen; a new one is typed twice."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise RecoveryFileRefused(name=file.name) from error
        return lines[0] if lines else ""
    typed = getpass.getpass("복구 열쇠의 비밀번호: ")
    if is_new and getpass.getpass("한 번 더: ") != typed:
        raise WrongPassword
    return typed


def _open_app(_: argparse.Namespace) -> int:
    from fieldapp.start import open_app

    return open_app(sys.argv[:1])


def _check_pack(chosen: argparse.Namespace) -> int:
    from fieldapp.packs.cli import check

    return check(chosen.file, has_english=chosen.english)


def _play_demo(chosen: argparse.Namespace) -> int:
    from fieldapp.demo.play import play

    return play(chosen.out, scale=chosen.scale)


def _serve_demo(_: argparse.Namespace) -> int:
    from fieldapp.demo.serve import serve

    return serve()


def _try_out(chosen: argparse.Namespace) -> int:
    from fieldapp.demo.smoke import smoke

    return smoke(chosen.out)


def _draw_screens(chosen: argparse.Namespace) -> int:
    from fieldapp.demo.screens import draw

    return draw(chosen.out)


if __name__ == "__main__":
    sys.exit(main())
