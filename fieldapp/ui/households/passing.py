"""The errands about a household as a whole: sending it to another office, letting others see it,
joining it with another.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from fieldapp.domain.exchange import SeenAs
from fieldapp.domain.operation import Changes
from fieldapp.errors import FieldAppError
from fieldapp.messages import message_for
from fieldapp.ui.households.join_dialog import JoinDialog
from fieldapp.ui.households.send_dialog import SendDialog
from fieldapp.ui.households.share_dialog import ShareDialog
from fieldapp.ui.households.view import HouseholdsView
from fieldapp.ui.jobs import Jobs, Lane
from fieldapp.usecases import merging, moving, sharing
from fieldapp.usecases.homes import toward
from fieldapp.usecases.merging import JoinPlan
from fieldapp.usecases.moving import MovePlan
from fieldapp.usecases.session import Session
from fieldapp.usecases.sharing import SharePlan


class Passing(QObject):
    """Opens the dialogs over the page of a household and does what is decided in them."""

    changed = Signal(object)  # Changes
    #: The household that is open was sent away.
    left = Signal()
    #: Another household's page, by its id.
    household_wanted = Signal(str)

    def __init__(self, view: HouseholdsView, jobs: Jobs, session: Session) -> None:
        super().__init__(view)
        self._view, self._jobs, self._session = view, jobs, session
        self._sharing: ShareDialog | None = None

    def ask_where_to(self, entity_id: str) -> None:
        """다른 동으로 보내기."""
        self._jobs.start(
            partial(moving.move_plan, self._session, entity_id),
            owner=self,
            on_done=partial(self._open_sending, entity_id),
        )

    def ask_who_sees(self, entity_id: str) -> None:
        """함께 보기."""
        self._jobs.start(
            partial(sharing.share_plan, self._session, entity_id),
            owner=self,
            on_done=partial(self._open_sharing, entity_id),
        )

    def ask_with_whom(self, entity_id: str) -> None:
        """같은 가구 합치기."""
        self._jobs.start(
            partial(merging.join_plan, self._session, entity_id),
            owner=self,
            on_done=partial(self._open_joining, entity_id),
        )

    def take_back(self, entity_id: str) -> None:
        """되돌리기."""
        self._jobs.start(
            partial(moving.take_back, self._session, entity_id),
            owner=self,
            on_done=self._taken_back,
        )

    def _may_open(self) -> bool:
        """Locked, hidden or left meanwhile: no name may stand over what is shown now."""
        return self._view.isVisible()

    def _open_sending(self, entity_id: str, plan: MovePlan) -> None:
        if not self._may_open():
            return
        dialog = SendDialog(plan, self._view.window())
        dialog.sent.connect(partial(self._send, entity_id, plan))
        dialog.open()
        if not plan.refusal:
            # Whose home it is no document says; a laptop without a line lets the server decide.
            self._jobs.start(
                partial(moving.home_refusal, self._session, entity_id),
                owner=dialog,
                on_done=lambda refusal: dialog.refuse(refusal) if refusal else None,
                lane=Lane.NETWORK,
            )

    def _send(self, entity_id: str, plan: MovePlan, scope: str, reason: str) -> None:
        office = next(one.name for one in plan.offices if one.scope == scope)
        self._jobs.start(
            partial(moving.send, self._session, entity_id, scope, reason),
            owner=self,
            on_done=partial(self._sent, entity_id, plan.name, office),
        )

    def _sent(self, entity_id: str, name: str, office: str, changes: Changes) -> None:
        self.left.emit()
        self.changed.emit(changes)
        self._view.banner.show_notice(
            self.tr("%s 가구를 %s 보냈습니다. 다음 주고받기 때 갑니다.") % (name, toward(office)),
            "success",
            button=self.tr("되돌리기"),
            deed=partial(self.take_back, entity_id),
        )

    def _taken_back(self, changes: Changes) -> None:
        self.changed.emit(changes)
        self._view.banner.show_notice(
            self.tr("되돌렸습니다. 가구는 그대로 이 동에 있습니다."),
            "success",
            button=self.tr("닫기"),
            deed=self._view.banner.hide,
        )

    def _open_sharing(self, entity_id: str, plan: SharePlan) -> None:
        if not self._may_open():
            return
        dialog = ShareDialog(plan, self._view.window())
        self._sharing = dialog
        dialog.shared.connect(partial(self._share, entity_id))
        dialog.ended.connect(partial(self._end_share, entity_id))
        dialog.finished.connect(self._closed_sharing)
        dialog.open()
        self._ask_server(entity_id)

    def _closed_sharing(self, _result: int) -> None:
        self._sharing = None

    def _ask_server(self, entity_id: str) -> None:
        if self._sharing is not None:
            self._jobs.start(
                partial(sharing.who_sees, self._session, entity_id),
                owner=self._sharing,
                on_done=self._sharing.show_plan,
                lane=Lane.NETWORK,
            )

    def _share(self, entity_id: str, scope: str, view: str, before: str) -> None:
        wanted = sharing.view_of(view)
        known = sharing.view_of(before) if before else None
        deed = partial(sharing.share, self._session, entity_id, scope, wanted, before=known)
        self._decide(entity_id, deed, scope, wanted)

    def _end_share(self, entity_id: str, scope: str, view: str) -> None:
        deed = partial(sharing.end_share, self._session, entity_id, scope, sharing.view_of(view))
        self._decide(entity_id, deed, scope, None)

    def _decide(
        self, entity_id: str, deed: partial[Changes], scope: str, view: SeenAs | None
    ) -> None:
        self._jobs.start(
            deed,
            owner=self,
            on_done=partial(self._decided, entity_id, self._sharing, scope, view),
            on_error=partial(self._not_decided, self._sharing),
        )

    def _decided(
        self,
        entity_id: str,
        dialog: ShareDialog | None,
        scope: str,
        view: SeenAs | None,
        changes: Changes,
    ) -> None:
        self.changed.emit(changes)
        if dialog is not None and dialog is self._sharing:
            dialog.show_decided(scope, view)
            self._ask_server(entity_id)

    def _not_decided(self, dialog: ShareDialog | None, error: FieldAppError) -> None:
        if dialog is not None and dialog is self._sharing:
            dialog.show_refused(message_for(error))
        else:
            self._view.banner.show_message(message_for(error))

    def _open_joining(self, entity_id: str, plan: JoinPlan) -> None:
        if not self._may_open():
            return
        dialog = JoinDialog(plan, self._view.window())
        dialog.joined.connect(partial(self._join, entity_id, plan.household.name))
        dialog.parted.connect(partial(self._part, entity_id))
        dialog.open()

    def _join(self, entity_id: str, name: str, into: str) -> None:
        self._jobs.start(
            partial(merging.join, self._session, entity_id, into),
            owner=self,
            on_done=partial(self._joined, entity_id, name, into),
        )

    def _joined(self, entity_id: str, name: str, into: str, changes: Changes) -> None:
        self.household_wanted.emit(into)
        self.changed.emit(changes)
        self._view.banner.show_notice(
            self.tr("%s 가구를 이 가구에 합쳤습니다.") % name,
            "success",
            button=self.tr("되돌리기"),
            deed=partial(self._part, into, entity_id),
        )

    def _part(self, entity_id: str, alias: str) -> None:
        self._jobs.start(
            partial(merging.part, self._session, alias),
            owner=self,
            on_done=partial(self._parted, entity_id),
        )

    def _parted(self, entity_id: str, changes: Changes) -> None:
        self.household_wanted.emit(entity_id)
        self.changed.emit(changes)
        self._view.banner.show_notice(
            self.tr("나누었습니다. 두 가구가 다시 따로 목록에 나옵니다."),
            "success",
            button=self.tr("닫기"),
            deed=self._view.banner.hide,
        )
