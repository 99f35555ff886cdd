"""The list and the page of one household, one of them shown."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fieldapp.ui.households.detail_page import DetailPage
from fieldapp.ui.households.list_page import ListPage
from fieldapp.ui.households.new_page import NewPage
from fieldapp.ui.screen import ScreenView
from fieldapp.ui.widgets.notices import Banner


class HouseholdsView(ScreenView):
    """Shows the list, or one household over it; Esc leads back to the row it came from."""

    def __init__(self) -> None:
        super().__init__()
        self.banner = Banner(strip=True)
        self.list_page = ListPage()
        self.detail = DetailPage()
        self.new_page = NewPage()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list_page)
        self._stack.addWidget(self.detail)
        self._stack.addWidget(self.new_page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)

    def show_list(self) -> None:
        """Back to the list."""
        self._stack.setCurrentWidget(self.list_page)
        self.take_focus()

    def show_detail(self) -> None:
        """The page of one household."""
        if not self.is_detail():
            self._stack.setCurrentWidget(self.detail)
            self.take_focus()

    def show_new(self, today: date) -> None:
        """The page of a household that is not here yet."""
        self._stack.setCurrentWidget(self.new_page)
        self.new_page.begin(today)

    def is_detail(self) -> bool:
        """Whether one household is shown."""
        return self._stack.currentWidget() is self.detail

    def take_focus(self) -> None:
        """Where the first thing is done."""
        if self.is_detail():
            self.detail.take_focus()
        elif self._stack.currentWidget() is self.new_page:
            self.new_page.take_focus()
        else:
            self.list_page.take_focus()

    def areas(self) -> tuple[QWidget, ...]:
        """F6 stops of what is shown."""
        if self.is_detail():
            return self.detail.areas()
        if self._stack.currentWidget() is self.new_page:
            return self.new_page.areas()
        page = self.list_page
        return (page.search, page.table, page.grades, page.areas, page.filters)
