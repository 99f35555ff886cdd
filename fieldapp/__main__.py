"""`python -m fieldapp`: the app itself, and the few commands beside it."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path

from fieldapp.errors import FieldAppError
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
