"""What 통계·출력 offers beside form and month: whose records, names, 결재란, paper."""

from __future__ import annotations

from fieldapp.reports.document import Approval
from fieldapp.reports.profiles import BASIC, PROFILES
from fieldapp.usecases.session import Session
from fieldapp.usecases.summaries import PageChoices

#: Paper by name, the office's usual one first.
PAPERS: tuple[str, ...] = tuple(profile.name for profile in PROFILES)
#: Who signs, as one line; the first stands for a page without 결재란.
APPROVALS: tuple[str, ...] = ("없음", "담당|팀장|동장", "담당|팀장|과장", "조사원|사무국|분과장")


def page_choices(
    session: Session,
    *,
    whole: bool = False,
    is_masked: bool = True,
    approval: str = APPROVALS[0],
    paper: str = BASIC.name,
) -> PageChoices:
    """The choices as a page is built from them. whole: all that this device holds."""
    return PageChoices(
        scope=None if whole else session.worker.scope,
        is_masked=is_masked,
        approval=None if approval == APPROVALS[0] else Approval(tuple(approval.split("|"))),
        profile=next((profile for profile in PROFILES if profile.name == paper), BASIC),
    )
