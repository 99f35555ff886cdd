"""The choices at the left, the page itself beside them, what for and the files at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from fieldapp.messages import Message
from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.screen import ScreenView
from fieldapp.ui.summaries.choices import ChoicesPane
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import ChoiceBox
from fieldapp.ui.widgets.notices import Banner, EmptyPage, ProgressRow
from fieldapp.ui.widgets.text import Text, ground, rule

#: The purposes that an office prints for; the first is none, and nothing goes out with it.
PURPOSES = ("월례 보고", "정산 서류", "사업 평가", "회의 자료", "내부 확인")
_REDRAW_AFTER_MS = 120


@dataclass(frozen=True, slots=True)
class Counted:
    """What the bar over the page says. `unseen` is the number of devices not heard of."""

    pages: int
    records: int
    unseen: int
    check_code: str
    late: int = 0


class SummariesView(ScreenView):
    """Left the choices in the order they are decided, right the page."""

    form_chosen = Signal(str)
    #: What is chosen (Chosen), and the purpose (empty: none yet).
    count_requested = Signal(object, str)
    page_requested = Signal(int, int)  # page, width in device pixels
    #: "pdf", "hwpx" or "xlsx", and the purpose.
    export_requested = Signal(str, str)
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        ground(self, "app")
        self._page, self._pages = 0, 0
        self._counted = Counted(pages=0, records=0, unseen=0, check_code="")
        self.banner = Banner(strip=True)
        self.choices = ChoicesPane()
        self.what, self.period = self.choices.what, self.choices.period
        self.purpose = ChoiceBox()
        self.purpose.setAccessibleName(self.tr("용도"))
        self.purpose_remark = Text("", "note", tone="danger", wraps=False)
        self.bar = Text("", "label", tone="subtle")
        self.progress = ProgressRow()
        self.pdf = Button(self.tr("PDF"), "primary", key=commands.PDF.key_text())
        self.hwpx = Button(self.tr("한글"), "outlined", key=commands.HWPX.key_text())
        self.xlsx = Button(self.tr("엑셀"), "outlined", key=commands.XLSX.key_text())
        self.sheet = QLabel()
        self.sheet.setAccessibleName(self.tr("미리보기"))
        self._scroll = QScrollArea()
        self._scroll.setAccessibleName(self.tr("미리보기"))
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(_REDRAW_AFTER_MS)
        self._lay_out()
        self._connect()
        self._enable(has_page=False)
        self.setFocusProxy(self.what)

    def show_forms(self, forms: Sequence[tuple[str, str]]) -> None:
        """(id, title) of every form with a summary."""
        self.choices.show_forms(forms)
        self._empty.setVisible(not forms)
        self._body.setVisible(bool(forms))
        focus = QApplication.focusWidget()
        if forms and self.isVisible() and not (focus and self.isAncestorOf(focus)):
            self.take_focus()

    def show_counting(self) -> None:
        """While counting the old page stays."""
        self.progress.show_progress(self.tr("셈하는 중"), 0, None)
        self._enable(has_page=False)

    def show_counted(self, counted: Counted, basis: str) -> None:
        """The numbers stand; the page is drawn next."""
        self.progress.hide()
        self.banner.hide()
        self._counted = counted
        self._pages = counted.pages
        self._page = min(self._page, counted.pages - 1)
        self._show_bar()
        self.choices.basis.show_text(basis)
        self._enable(has_page=True)
        self._ask_page()

    def show_page(self, width: int, height: int, rgba: bytes) -> None:
        """The page as the file has it. Width and height in device pixels."""
        image = QImage(rgba, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self.sheet.setPixmap(QPixmap.fromImage(image))

    def show_exported(self, name: str, folder: str) -> None:
        """The file stands where it was wanted."""
        self.banner.show_notice(
            self.tr("%s을(를) 만들었습니다.\n%s") % (name, folder), "success",
            button=self.tr("닫기"), deed=self.banner.hide,
        )  # fmt: skip

    def show_message(self, message: Message) -> None:
        """It was not made."""
        self.progress.hide()
        self.banner.show_message(message)

    def count(self) -> None:
        """Count what is chosen."""
        chosen = self.choices.chosen()
        if chosen is not None:
            self.count_requested.emit(chosen, self.chosen_purpose())

    def show_purpose_missing(self) -> None:
        """Nothing goes out without a purpose."""
        self.purpose_remark.show_text(self.tr("용도를 고르세요"))
        self.purpose.setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen_purpose(self) -> str:
        """What the page is printed for; it stands on the page."""
        return self.purpose.currentText() if self.purpose.currentIndex() > 0 else ""

    def take_focus(self) -> None:
        """Put the keys on the first choice."""
        self.choices.take_focus()

    def areas(self) -> tuple[QWidget, ...]:
        """F6: choices, page, foot."""
        return (self.choices, self._scroll, self._foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: the page is drawn again for its new width."""
        super().resizeEvent(event)
        self._redraw.start()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt: the pane got another width."""
        if event.type() == QEvent.Type.Resize:
            self._redraw.start()
        return False

    def _show_bar(self) -> None:
        counted = self._counted
        parts = [
            self.tr("미리보기 %d/%d") % (self._page + 1, counted.pages),
            self.tr("기록 %d건") % counted.records,
            self.tr("검산 일치 %s") % counted.check_code,
            self.tr("미수신 기기 %d대") % counted.unseen,
        ]
        if counted.late:
            parts.insert(2, self.tr("늦게 온 기록 %d건(앞선 달)") % counted.late)
        self.bar.show_text(" · ".join(parts))

    def _ask_page(self) -> None:
        if self._pages:
            width = self._scroll.viewport().width() - 2 * t.S16
            self.page_requested.emit(self._page, round(width * self.devicePixelRatioF()))

    def _turn(self, step: int) -> None:
        """Down the page first, then to the next one."""
        bar = self._scroll.verticalScrollBar()
        if bar.value() != (bar.maximum() if step > 0 else bar.minimum()):
            bar.setValue(bar.value() + step * bar.pageStep())
            return
        page = self._page + step
        if 0 <= page < self._pages:
            self._page = page
            self._show_bar()
            bar.setValue(bar.minimum() if step > 0 else bar.maximum())
            self._ask_page()

    def _export(self, kind: str) -> None:
        if not self.pdf.isEnabled():
            return
        if not self.chosen_purpose():
            self.show_purpose_missing()
            return
        self.export_requested.emit(kind, self.chosen_purpose())

    def _enable(self, *, has_page: bool) -> None:
        for button in (self.pdf, self.hwpx, self.xlsx):
            button.setEnabled(has_page)

    def _lay_out(self) -> None:
        self._build_sheet()
        self._build_foot()
        head = QHBoxLayout()
        head.setContentsMargins(t.S16, t.S8, t.S16, t.S8)
        head.addWidget(self.bar, 2)
        head.addWidget(self.progress, 1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(head)
        right.addWidget(self.banner)
        right.addWidget(self._scroll, 1)
        right.addWidget(rule())
        right.addWidget(self._foot)
        self._body = QWidget()
        body = QHBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.choices)
        body.addWidget(rule("vertical"))
        body.addLayout(right, 1)
        self._empty = EmptyPage(self.tr("통계가 들어 있는 서식이 아직 없습니다."))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._body)
        layout.addWidget(self._empty)
        self._empty.hide()

    def _build_sheet(self) -> None:
        self.sheet.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.sheet.setMargin(t.S16)
        self._scroll.setWidget(self.sheet)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.viewport().setProperty("ground", "sunken")
        self._scroll.installEventFilter(self)
        self._scroll.setAccessibleName(self.tr("쪽"))
        ground(self.sheet, "sunken")

    def _build_foot(self) -> None:
        self.purpose.setMinimumContentsLength(11)
        self.purpose.addItems([self.tr("용도를 고르세요"), *PURPOSES])
        self._foot = QWidget()
        ground(self._foot, "surface")
        self._foot.setFixedHeight(t.FOOT_PX)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(t.S16, 0, t.S16, 0)
        foot.setSpacing(t.S8)
        foot.addWidget(Text(self.tr("용도"), "label", tone="subtle", wraps=False))
        foot.addWidget(self.purpose)
        foot.addWidget(self.purpose_remark)
        foot.addStretch(1)
        for button in (self.xlsx, self.hwpx, self.pdf):
            foot.addWidget(button)

    def _connect(self) -> None:
        self.choices.form_chosen.connect(self.form_chosen)
        self.choices.changed.connect(self.count)
        self.purpose.currentIndexChanged.connect(lambda _: self.purpose_remark.show_text(""))
        self.purpose.currentIndexChanged.connect(lambda _: self.count())
        self.pdf.clicked.connect(lambda: self._export("pdf"))
        self.hwpx.clicked.connect(lambda: self._export("hwpx"))
        self.xlsx.clicked.connect(lambda: self._export("xlsx"))
        self.progress.stop_requested.connect(self.stop_requested)
        self._redraw.timeout.connect(self._ask_page)
        commands.bind(commands.PDF, self, lambda: self._export("pdf"))
        commands.bind(commands.HWPX, self, lambda: self._export("hwpx"))
        commands.bind(commands.XLSX, self, lambda: self._export("xlsx"))
        commands.bind(commands.PREVIEW_NEXT, self, lambda: self._turn(1))
        commands.bind(commands.PREVIEW_PREVIOUS, self, lambda: self._turn(-1))
