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

Place = Literal[
    "everywhere", "today", "households", "records", "monitoring", "paper", "review", "filling",
    "summaries", "syncing", "admin",
]  # fmt: skip


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
FIND = Command("find", "찾기", ("Ctrl+K",), "everywhere")
HIDE = Command("hide", "가리기", ("F12",), "everywhere")
DAY_END = Command("day_end", "하루 마치기", ("Ctrl+Shift+E",), "everywhere")
VISIT = Command("visit", "방문 시작", ("Return",), "today")
PHONE = Command("phone", "전화", ("F7",), "today")
ABSENT = Command("absent", "부재", ("F8",), "today")
PLAN = Command("plan", "오늘 계획에 넣기·빼기", ("Space",), "today")
NEXT_TAB = Command("next_tab", "다음 탭", ("Ctrl+PgDown",), "everywhere")
PREVIOUS_TAB = Command("previous_tab", "앞 탭", ("Ctrl+PgUp",), "everywhere")
OPEN_HOUSEHOLD = Command("open_household", "열기, 방문 시작", ("Return",), "households")
NEW_HOUSEHOLD = Command("new_household", "새 가구", ("Ctrl+N",), "households")
KEEP_FILTER = Command("keep_filter", "조건 저장", ("Ctrl+Shift+F",), "households")
MAKE_HOUSEHOLD = Command(
    "make_household", "새 가구 적기", ("Ctrl+Return", "Ctrl+Enter"), "households"
)
CONSENT = Command("consent", "동의 받기", ("F4",), "households")
COPY_TEXT = Command("copy_text", "행복이음에 옮길 글 복사", ("Ctrl+Shift+C",), "households")
SEND_AWAY = Command("send_away", "다른 동으로 보내기", ("F9",), "households")
SHARE = Command("share", "함께 보기", ("Shift+F9",), "households")
END_SHARE = Command("end_share", "함께 보기 거두기", ("Ctrl+Del",), "households")
JOIN_HOUSEHOLD = Command("join_household", "같은 가구 합치기", ("Ctrl+F9",), "households")
PART_HOUSEHOLD = Command("part_household", "나누기", ("Ctrl+Shift+Del",), "households")
BACK = Command("back", "목록으로", ("Esc",), "households")
PLAN_ROUND = Command("plan_round", "점검 계획", ("Ctrl+N",), "monitoring")
SIGN = Command("sign", "서명", ("F7",), "monitoring")
MAKE_PLAN = Command("make_plan", "계획 넣기", ("Ctrl+Return", "Ctrl+Enter"), "monitoring")
OPEN_ROUND = Command("open_round", "열기", ("Return",), "monitoring")
SECOND_KEYING = Command("second_keying", "둘째 입력", ("F8",), "paper")
DIFFERENCES = Command("differences", "다른 칸 보기", ("F2",), "paper")
CONFIRM = Command("confirm", "확인", ("Ctrl+Return", "Ctrl+Enter"), "review")
RETURN = Command("return", "보완 요청", ("F8",), "review")
COMMENT = Command("comment", "이 물음에 의견", ("F2",), "review")
ACCEPT_GRADE = Command("accept_grade", "등급 바꾸고 확인", ("F4",), "review")
CONFIRM_ALL = Command(
    "confirm_all", "변동 없는 방문 모두 확인", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), "review"
)
NEW_FORM = Command("new_form", "새 서식", ("Ctrl+N",), "records")
OPEN_RECORD = Command("open_record", "열기", ("Return",), "records")
KEEP_RECORD_FILTER = Command("keep_record_filter", "조건 저장", ("Ctrl+Shift+F",), "records")
PRINT_RECORD = Command("print_record", "이 기록을 문서로(PDF)", ("Ctrl+P",), "records")
HISTORY = Command("history", "이력 보기", ("F7",), "records")
LEAVE_HISTORY = Command("leave_history", "이력에서 목록으로", ("Esc",), "records")
DISCARD = Command("discard", "작성 중인 것 지우기", ("Delete",), "records")
FINISH = Command("finish", "마치기", ("Ctrl+Return", "Ctrl+Enter"), "filling")
NEXT = Command("next", "다음", ("Return",), "filling")
PREVIOUS = Command("previous", "이전", ("Shift+Return", "Shift+Enter"), "filling")
LEAVE = Command("leave", "나가기(작성 중으로 둠)", ("Esc",), "filling")
CHOOSE = Command("choose", "고르고 다음으로", ("1 … 9, 0",), "filling")
LANGUAGE = Command("language", "서식 언어 바꾸기", ("Ctrl+Shift+L",), "filling")
NOTE = Command("note", "메모, 근거", ("F2",), "filling")
PHOTO = Command("photo", "사진", ("F3",), "filling")
SAME = Command("same", "지난번 답", ("F4",), "filling")
SAME_SECTION = Command("same_section", "지난번과 같음(변동 없음)", ("Shift+F4",), "filling")
PHRASES = Command("phrases", "자주 쓰는 말", ("F5",), "filling")
FIND_QUESTION = Command("find_question", "문항 찾기", ("Ctrl+G",), "filling")
ADD = Command("add", "추가, 개선사항", ("Ctrl+I",), "filling")
REMOVE = Command("remove", "빼기", ("Ctrl+Del",), "filling")
KEEP_PART = Command("keep_part", "내 몫 저장", ("Ctrl+S",), "filling")
RESPONDENT = Command("respondent", "응답자 화면", ("Ctrl+Shift+K",), "filling")
UNDO = Command("undo", "되돌리기", ("Ctrl+Z",), "filling")
NEXT_SECTION = Command("next_section", "다음 구역", ("Ctrl+Down",), "filling")
PREVIOUS_SECTION = Command("previous_section", "앞 구역", ("Ctrl+Up",), "filling")
PREVIEW_NEXT = Command("preview_next", "다음 쪽", ("PgDown",), "summaries")
PREVIEW_PREVIOUS = Command("preview_previous", "앞 쪽", ("PgUp",), "summaries")
PDF = Command("pdf", "PDF로 내보내기", ("Ctrl+P",), "summaries")
HWPX = Command("hwpx", "한글(HWPX)로 내보내기", ("Ctrl+Shift+H",), "summaries")
XLSX = Command("xlsx", "엑셀로 내보내기", ("Ctrl+Shift+X",), "summaries")
EXCHANGE = Command("exchange", "지금 주고받기", ("Ctrl+Return", "Ctrl+Enter"), "syncing")
STOP = Command("stop", "멈춤", ("Esc",), "syncing")
SETTLE = Command("settle", "이 값으로 정하기", ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), "syncing")
MAKE_BACKUP = Command("make_backup", "지금 예비본 만들기", ("Ctrl+Return", "Ctrl+Enter"), "admin")
TRY_BACKUP = Command("try_backup", "복구 확인", ("F7",), "admin")

#: Every command above, in the order in which it is defined.
ALL: tuple[Command, ...] = tuple(
    value for value in tuple(globals().values()) if isinstance(value, Command)
)

PLACES: dict[Place, str] = {
    "everywhere": "어디서나",
    "today": "오늘",
    "households": "대상",
    "records": "기록",
    "monitoring": "점검·설문",
    "paper": "종이 입력",
    "review": "확인",
    "filling": "서식",
    "summaries": "통계·출력",
    "syncing": "주고받기",
    "admin": "관리",
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
