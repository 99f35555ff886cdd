"""통계·출력: count, lay out once, preview the very file, write it where it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fieldapp.domain.figures import Figures, Period
from fieldapp.domain.ids import ScopeId
from fieldapp.domain.plans import SummaryPlan, TablePlan
from fieldapp.errors import Cancelled, PackMissing, PurposeMissing
from fieldapp.packs import Pack
from fieldapp.reports.document import Approval, Document
from fieldapp.reports.filenames import file_stem
from fieldapp.reports.files import write_file
from fieldapp.reports.hwpx import write_hwpx
from fieldapp.reports.pdf import write_pdf
from fieldapp.reports.preview import PageImage, page_count, render_page
from fieldapp.reports.profiles import BASIC, Profile
from fieldapp.reports.summary import summary_document
from fieldapp.reports.totals import TOTAL, check_totals
from fieldapp.reports.xlsx import write_xlsx
from fieldapp.storage import figures as counting
from fieldapp.storage import late, meta, places
from fieldapp.usecases.access_log import note_reading
from fieldapp.usecases.exchange import project_pulled
from fieldapp.usecases.homes import office_name
from fieldapp.usecases.listings import listings_of
from fieldapp.usecases.session import Session, newest_packs

FileKind = Literal["pdf", "hwpx", "xlsx"]
#: As much of a purpose as the access log keeps; the window offers shorter ones only.
_PURPOSE_CHARACTERS = 40
#: So many records are projected within the time a page takes (design.md §4).
_PROJECTED_FIRST = 2_000


@dataclass(frozen=True, slots=True)
class SummaryChoice:
    """A form whose workbook has a summary sheet."""

    form_id: str
    title: str


@dataclass(frozen=True, slots=True)
class PageChoices:
    """How a page is to look. scope: records of one office; None for all that this device holds.

    is_masked: names in lists as others may read them. approval: 결재란, None without.
    """

    scope: ScopeId | None
    is_masked: bool = True
    approval: Approval | None = None
    profile: Profile = BASIC


@dataclass(frozen=True, slots=True)
class SummaryOutput:
    """A summary counted and laid out; `pdf` is the file itself, `records` how many were counted.

    late_records: of earlier months, written after those were closed. about: whom it names, as
    (list, id); form_id, record_id: what it is a page of, for the access log.
    """

    document: Document
    pdf: bytes
    page_count: int
    file_stem: str
    check_code: str
    records: int
    missing_devices: int
    late_records: int
    form_id: str = ""
    record_id: str = ""
    about: tuple[tuple[str, str], ...] = ()


def summaries_available(session: Session) -> tuple[SummaryChoice, ...]:
    """Installed forms with a summary, by title."""
    return tuple(
        SummaryChoice(pack.plans.form.id, pack.plans.title)
        for pack in newest_packs(session)
        if pack.plans.summaries
    )


def months_available(session: Session, form_id: str) -> tuple[Period, ...]:
    """Months in which the form has records, newest first; the present month always."""
    plans = _pack(session, form_id).plans
    now = session.clock.now()
    with session.store.reading() as db:
        months = counting.months(db, plans.summaries[0])
    every = {*months, (now.year, now.month)}
    return tuple(Period.month(year, month) for year, month in sorted(every, reverse=True))


def build_summary(
    session: Session,
    form_id: str,
    period: Period,
    *,
    choices: PageChoices | None = None,
    purpose: str | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> SummaryOutput:
    """Count every section over one snapshot of the store and lay the page out.

    Records not yet projected are projected first where they are few; of many, what waits still is
    said on the page, since a save must not wait behind them all.

    Raises Cancelled, GlyphMissing, TotalsDiffer.
    """
    project_pulled(session, progress=lambda _: None, cancelled=cancelled, most=_PROJECTED_FIRST)
    pack = _pack(session, form_id)
    wanted = choices or PageChoices(scope=session.worker.scope)
    now = session.clock.now()
    sections: list[Figures] = []
    with session.store.reading() as db:
        missing = meta.missing_devices(db, session.worker.scope)
        for plan in pack.plans.summaries:
            if cancelled():
                raise Cancelled(unsent="-")
            section = counting.figures(db, plan, period=period, scope=wanted.scope, counted_at=now)
            check_totals(section, _additive(plan, section))
            sections.append(section)
        arrived_late = late.count(
            db, form_id, pack.plans.summaries[0].period_path, period, wanted.scope
        )
        lists = listings_of(session, db, pack, is_masked=wanted.is_masked)
        office = office_name(places.known(db), wanted.scope or session.worker.scope)
    if lists.about and not wanted.is_masked:
        note_reading(session, "unmask", subjects=lists.about, form_id=form_id)
    document = summary_document(
        sections,
        title=pack.plans.title,
        office=office,
        period=period,
        counted_at=now,
        author=session.worker.name,
        purpose=purpose,
        missing_devices=missing,
        demo=session.worker.name.startswith("가상-"),
        approval=wanted.approval,
        gist=_gist(sections),
        extra_sections=lists.sections,
        late_records=arrived_late,
        profile=wanted.profile,
    )
    pdf = write_pdf(document)
    return SummaryOutput(
        document=document,
        pdf=pdf,
        page_count=page_count(pdf),
        file_stem=file_stem(now.date(), office, pack.plans.title),
        check_code=document.check_code,
        records=max((section.records for section in sections), default=0),
        missing_devices=missing,
        late_records=arrived_late,
        form_id=form_id,
        about=lists.about,
    )


def preview(output: SummaryOutput, page: int, width_px: int) -> PageImage:
    """A page of the PDF itself as pixels, in memory only."""
    return render_page(output.pdf, page, width_px)


def export(
    session: Session, output: SummaryOutput, kind: FileKind, folder: Path, *, purpose: str
) -> Path:
    """Log that a file goes out (a PDF is a print), then write it.

    Raises PurposeMissing (고시 제12조), FileNotWritten, StoreFull.
    """
    if not purpose.strip():
        raise PurposeMissing
    if kind == "pdf":
        content = output.pdf
    else:
        content = (write_hwpx if kind == "hwpx" else write_xlsx)(output.document)
    note_reading(
        session,
        "print" if kind == "pdf" else "export",
        subjects=output.about,
        object_id=output.record_id,
        form_id=output.form_id,
        detail={
            "purpose": purpose.strip()[:_PURPOSE_CHARACTERS],
            "file": kind,
            "count": output.records,
            "check": output.check_code,
        },
    )
    return write_file(folder / f"{output.file_stem}.{kind}", content)


def _gist(sections: Sequence[Figures]) -> tuple[str, ...]:
    """요지: what the 합계 of the first table says, in one line; nothing without one."""
    for section in sections[:1]:
        for row in section.rows:
            if row.label == TOTAL:
                told = [
                    f"{label.removesuffix('%')} {cell.value:,f}{'%' if label.endswith('%') else ''}"
                    for label, cell in zip(section.columns, row.cells, strict=True)
                    if cell.value
                ]
                return (f"{section.caption}: {', '.join(told)}",) if told else ()
    return ()


def _additive(plan: SummaryPlan | TablePlan, section: Figures) -> frozenset[str]:
    """The columns of a table whose rows count different things: they add up to 합계."""
    if isinstance(plan, SummaryPlan):
        return frozenset()
    # The first column of a crossed table is printed as several.
    parts = len(section.columns) - len(plan.columns)
    printed = (*(plan.columns[0] for _ in range(parts)), *plan.columns)
    return frozenset(
        label
        for label, column in zip(section.columns, printed, strict=True)
        if column.measure in ("count", "sum")
    )


def _pack(session: Session, form_id: str) -> Pack:
    pack = session.catalogue.newest(form_id)
    if not pack.plans.summaries:
        raise PackMissing(form_id=form_id, version=pack.plans.form.version)
    return pack
