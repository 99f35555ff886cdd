"""A box of the saved filters and a button that keeps or mends one; the same on every list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldapp.ui import commands
from fieldapp.ui import tokens as t
from fieldapp.ui.widgets.buttons import Button
from fieldapp.ui.widgets.fields import ChoiceBox

_BOX_PX, _NARROW_BOX_PX = 168, 112
#: A page narrower than this has no room for the key beside the words.
ROOMY_FROM_PX = 800


class FilterBar(QWidget):
    """Tells which filter was chosen; shows which one stands."""

    chosen = Signal(str)
    #: What stands is to be kept under a name, or the filter that stands renamed or forgotten.
    keep_requested = Signal()

    def __init__(self, command: commands.Command) -> None:
        super().__init__()
        self.box = ChoiceBox()
        self.box.setFixedWidth(_BOX_PX)
        self.box.setAccessibleName(self.tr("저장한 조건"))
        self.keep = Button.of(command, "outlined")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(t.S8)
        layout.addWidget(self.box)
        layout.addWidget(self.keep)
        self.setFocusProxy(self.box)
        self.show_filters([], "", can_keep=False)
        self.box.activated.connect(lambda _: self.chosen.emit(self.name()))
        self.keep.clicked.connect(self.keep_requested)

    def show_filters(self, names: Sequence[str], standing: str, *, can_keep: bool) -> None:
        """The names there are, and which of them is what stands now; "": none of them."""
        with QSignalBlocker(self.box):
            if names != self.names():
                self.box.clear()
                self.box.addItem(self.tr("저장한 조건"), "")
                for name in names:
                    self.box.addItem(name, name)
            self.box.setCurrentIndex(max(0, self.box.findData(standing)))
        self.box.setVisible(bool(names))
        self.keep.show_label(self.tr("조건 고치기") if standing else self.tr("조건 저장"))
        self.keep.setVisible(can_keep or bool(standing))

    def show_roomy(self, is_roomy: bool) -> None:
        """Whether the page is wide: in a narrow one the words of the button are enough."""
        self.box.setFixedWidth(_BOX_PX if is_roomy else _NARROW_BOX_PX)
        self.keep.show_key(is_roomy)

    def names(self) -> list[str]:
        """What can be chosen."""
        return [str(self.box.itemData(n)) for n in range(1, self.box.count())]

    def name(self) -> str:
        """What is chosen; "": none."""
        return str(self.box.currentData() or "")
