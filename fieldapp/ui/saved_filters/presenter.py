"""Between a list's filters and the store: what stands is compared with what was saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject

from fieldapp.messages import message_for
from fieldapp.ui.jobs import Jobs
from fieldapp.ui.saved_filters.bar import FilterBar
from fieldapp.ui.saved_filters.dialog import FilterDialog
from fieldapp.ui.widgets.notices import Banner
from fieldapp.usecases import saved_filters as usecases
from fieldapp.usecases.saved_filters import FilteredScreen, SavedFilter
from fieldapp.usecases.session import Session


class FilteredList(Protocol):
    """A list whose filter can be kept."""

    filters: FilterBar

    def conditions(self) -> Mapping[str, str]:
        """What stands in each part of the filter; "" where nothing is chosen."""
        ...

    def show_conditions(self, chosen: Mapping[str, str]) -> None:
        """Choose these, the rest as if nothing were chosen, and narrow the list."""
        ...

    def condition_words(self) -> tuple[str, ...]:
        """What stands, as a worker reads it."""
        ...


class SavedFilters(QObject):
    """Chooses, keeps, renames and forgets the filters of one list."""

    def __init__(
        self,
        page: FilteredList,
        banner: Banner,
        jobs: Jobs,
        session: Session,
        screen: FilteredScreen,
    ) -> None:
        super().__init__(page.filters)
        self._page = page
        self._banner = banner
        self._jobs = jobs
        self._session = session
        self._screen: FilteredScreen = screen
        self._saved: tuple[SavedFilter, ...] = ()
        page.filters.chosen.connect(self._choose)
        page.filters.keep_requested.connect(self.ask)

    def reload(self) -> None:
        """Read the filters again."""
        self._jobs.start(
            partial(usecases.filters_of, self._session, self._screen),
            owner=self,
            on_done=self._show,
        )

    def narrowed(self) -> None:
        """Something was chosen or typed: which saved filter is that?"""
        self._page.filters.show_filters(
            [one.name for one in self._saved],
            self._standing(),
            can_keep=bool(_chosen(self._page.conditions())),
        )

    def ask(self) -> None:
        """Ask for a name for what stands, or for another one of the filter that stands."""
        words, standing = self._page.condition_words(), self._standing()
        if not words and not standing:
            self._banner.show_notice(
                self.tr("저장할 조건이 없습니다. 먼저 조건을 고르세요."),
                button=self.tr("닫기"),
                deed=self._banner.hide,
            )
            return
        window = self._page.filters.window()
        dialog = FilterDialog(
            window,
            says=", ".join(words),
            standing=standing,
            names=[one.name for one in self._saved],
            proposed=" ".join(words)[: usecases.MOST_LETTERS].strip(),
        )
        dialog.named.connect(partial(self._rename, standing) if standing else self._keep)
        dialog.forgotten.connect(partial(self._forget, standing))
        dialog.finished.connect(window.activateWindow)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _standing(self) -> str:
        stands = _chosen(self._page.conditions())
        return next((one.name for one in self._saved if _chosen(one.chosen) == stands), "")

    def _choose(self, name: str) -> None:
        chosen = next((one.chosen for one in self._saved if one.name == name), {})
        self._page.show_conditions(chosen)

    def _keep(self, name: str) -> None:
        stands = self._page.conditions()
        self._change(partial(usecases.keep_filter, self._session, self._screen, name, stands))

    def _rename(self, name: str, new_name: str) -> None:
        self._change(partial(usecases.rename_filter, self._session, self._screen, name, new_name))

    def _forget(self, name: str) -> None:
        gone = next(one for one in self._saved if one.name == name)
        self._change(partial(usecases.remove_filter, self._session, self._screen, name))
        self._banner.show_notice(
            self.tr("저장한 조건 '%s'을(를) 지웠습니다.") % name,
            button=self.tr("되돌리기"),
            deed=partial(self._put_back, gone),
        )

    def _put_back(self, gone: SavedFilter) -> None:
        self._banner.hide()
        keep = partial(usecases.keep_filter, self._session, self._screen, gone.name, gone.chosen)
        self._change(keep)

    def _change(self, work: Callable[[], object]) -> None:
        self._jobs.start(
            work,
            owner=self,
            on_done=lambda _: self.reload(),
            on_error=lambda error: self._banner.show_message(message_for(error)),
        )

    def _show(self, saved: tuple[SavedFilter, ...]) -> None:
        self._saved = saved
        self.narrowed()


def _chosen(conditions: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in conditions.items() if value}
