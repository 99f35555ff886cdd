"""Every command: label, shortcut, where it works. Menus, buttons and the list of keys read it.

A command never runs on half a word: the composition is finished first. Esc while composing ends
the composition and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from fieldapp.ui.compositions import finish_open_composition

Place = Literal["everywhere", "records", "filling", "summaries", "syncing"]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a worker can do. `keys` are Qt's portable texts; `label` is Korean."""

    name: str
    label: str
    keys: tuple[str, ...]
    place: Place

    def key_text(self) -> str:
        """The first key as a button shows it."""
        return self.keys[0].replace("Return", "Enter") if self.keys else ""

    def title(self) -> str:
        """The label in the window's language."""
        return QCoreApplication.translate("commands", self.label)


LOCK = Command("lock", "잠금", ("Ctrl+L",), "everywhere")
NEXT_AREA = Command("next_area", "다음 자리로", ("F6",), "everywhere")
PREVIOUS_AREA = Command("previous_area", "앞 자리로", ("Shift+F6",), "everywhere")
SHOW_KEYS = Command("show_keys", "단축키 보기", ("F1", "Ctrl+/"), "everywhere")
NEW_FORM = Command("new_form", "새 서식", ("Ctrl+N",), "records")
OPEN_RECORD = Command("open_record", "열기", ("Return",), "records")
DISCARD = Command("discard", "작성 중인 것 지우기", ("Delete",), "records")
FINISH = Command("finish", "마치기", ("Ctrl+Return", "Ctrl+Enter"), "filling")
NEXT = Command("next", "다음", ("Return",), "filling")
PREVIOUS = Command("previous", "이전", ("Shift+Return", "Shift+Enter"), "filling")
LEAVE = Command("leave", "나가기(작성 중으로 둠)", ("Esc",), "filling")
CHOOSE = Command("choose", "고르고 다음으로", ("1 … 9, 0",), "filling")
LANGUAGE = Command("language", "서식 언어 바꾸기", ("Ctrl+Shift+L",), "filling")
PREVIEW_NEXT = Command("preview_next", "다음 쪽", ("PgDown",), "summaries")
PREVIEW_PREVIOUS = Command("preview_previous", "앞 쪽", ("PgUp",), "summaries")
PDF = Command("pdf", "PDF로 내보내기", ("Ctrl+P",), "summaries")
XLSX = Command("xlsx", "엑셀로 내보내기", ("Ctrl+Shift+X",), "summaries")
EXCHANGE = Command("exchange", "지금 주고받기", ("Ctrl+Return", "Ctrl+Enter"), "syncing")
STOP = Command("stop", "멈춤", ("Esc",), "syncing")
SETTLE = Command("settle", "이 값으로 정하기", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), "syncing")

ALL: tuple[Command, ...] = (
    LOCK, NEXT_AREA, PREVIOUS_AREA, SHOW_KEYS, NEW_FORM, OPEN_RECORD, DISCARD, CHOOSE, NEXT,
    PREVIOUS, FINISH, LANGUAGE, LEAVE, PREVIEW_NEXT, PREVIEW_PREVIOUS, PDF, XLSX, EXCHANGE, STOP,
    SETTLE,
)  # fmt: skip

PLACES: dict[Place, str] = {
    "everywhere": "어디서나",
    "records": "기록",
    "filling": "서식",
    "summaries": "통계·출력",
    "syncing": "주고받기",
}


def rail_command(number: int, label: str) -> Command:
    """Ctrl+1…8: the tile of the rail at that place."""
    return Command(f"rail_{number}", label, (f"Ctrl+{number}",), "everywhere")


def bind(
    command: Command, widget: QWidget, act: Callable[[], None], *, only_within: bool = False
) -> None:
    """Let the command's keys act while `widget` is shown, or only while the focus is in it."""
    context = (
        Qt.ShortcutContext.WidgetWithChildrenShortcut
        if only_within
        else Qt.ShortcutContext.WindowShortcut
    )
    for key in command.keys:
        shortcut = QShortcut(QKeySequence(key), widget)
        shortcut.setContext(context)
        shortcut.setAutoRepeat(False)
        is_escape = key == "Esc"

        def run(is_escape: bool = is_escape) -> None:
            was_composing = finish_open_composition()
            if not (was_composing and is_escape):
                act()

        shortcut.activated.connect(run)
