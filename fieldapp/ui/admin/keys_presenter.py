"""Changes the password, lets this computer remember the key, asks for another key."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.errors import FieldAppError, WeakPassword, WrongPassword
from fieldapp.messages import message_for
from fieldapp.ui.admin.locking_pane import LockingPane
from fieldapp.ui.jobs import Jobs, Lane
from fieldapp.ui.widgets.notices import Banner
from fieldapp.usecases import keys as usecases
from fieldapp.usecases.profiles import ProfileInfo
from fieldapp.usecases.session import Session


class KeysPresenter(QObject):
    """Between the page and the keys. A key takes a second to derive: saves go on meanwhile."""

    #: The password: lock, and change the data key.
    rotation_wanted = Signal(str)

    def __init__(self, pane: LockingPane, banner: Banner, jobs: Jobs, session: Session) -> None:
        super().__init__(pane)
        self._pane = pane
        self._banner = banner
        self._jobs = jobs
        self._session = session
        pane.changing.change_requested.connect(self._change)
        pane.remember_requested.connect(self._remember)
        pane.forget_requested.connect(self._forget)
        pane.rotation_requested.connect(self.rotation_wanted)

    def reload(self) -> None:
        """Whether the key is remembered."""
        session = self._session
        profile = ProfileInfo(session.profile_id, session.worker.name, session.store.path.parent)
        self._jobs.start(
            partial(usecases.is_remembered, profile),
            owner=self,
            on_done=lambda found: self._pane.show_remembered(is_remembered=found),
        )

    def _change(self, old: str, new: str) -> None:
        self._banner.hide()
        self._jobs.start(
            partial(usecases.change_password, self._session, old, new),
            owner=self,
            on_done=lambda _: self._changed(),
            on_error=self._not_changed,
            lane=Lane.NETWORK,
        )

    def _changed(self) -> None:
        self._pane.changing.show_changed()
        self._say(
            self.tr(
                "비밀번호를 바꾸었습니다. 다음부터 새 비밀번호로 여세요.\n"
                "앞서 만든 예비본에는 옛 비밀번호가 통합니다. 새어 나갔다면 암호화 키도 바꾸세요."
            )
        )

    def _not_changed(self, error: FieldAppError) -> None:
        message = message_for(error)
        if isinstance(error, WrongPassword):
            self._pane.changing.show_wrong_old(message.happened)
        elif isinstance(error, WeakPassword):
            self._pane.changing.show_weak_new(message.happened)
        else:
            self._pane.changing.show_working(is_working=False)
            self._banner.show_message(message)

    def _remember(self, password: str) -> None:
        self._banner.hide()
        self._jobs.start(
            partial(usecases.remember, self._session, password),
            owner=self,
            on_done=lambda _: self._told(self.tr("이 컴퓨터가 열쇠를 기억합니다.")),
            on_error=self._failed,
            lane=Lane.NETWORK,
        )

    def _forget(self) -> None:
        self._banner.hide()
        self._jobs.start(
            partial(usecases.forget, self._session),
            owner=self,
            on_done=lambda _: self._told(
                self.tr("기억한 열쇠를 지웠습니다. 이제 비밀번호로만 열립니다.")
            ),
            on_error=self._failed,
            lane=Lane.NETWORK,
        )

    def _told(self, words: str) -> None:
        self._say(words)
        self.reload()

    def _failed(self, error: FieldAppError) -> None:
        self._banner.show_message(message_for(error))
        self.reload()

    def _say(self, words: str) -> None:
        self._banner.show_notice(words, "success", button=self.tr("닫기"), deed=self._banner.hide)
