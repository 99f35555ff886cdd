"""The account of the errand: counts read back from where things arrived, never from memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fieldapp.demo.district import District
from fieldapp.demo.surveys import SHARES_OF_OVERALL, TWELVE
from fieldapp.reports.preview import page_count, page_text
from fieldapp.server.accounts import owner_connection
from fieldapp.server.tally import tally
from fieldapp.storage import operations
from fieldapp.usecases.records import records_and_drafts
from fieldapp.usecases.session import Session

_CODE = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}")
_OVERALL = re.compile(r"전반적 만족도((?:\s+[\d.]+){7})")


@dataclass(frozen=True, slots=True)
class Account:
    """What stood where at the end.

    by_push: records on the server whose every revision has a receipt that laptop A's own operation
    list knows. overall: the seven printed cells of 전반적 만족도, as the PDF's text has them.
    """

    first_operations: int
    server_records: int
    by_push: int
    second_records: int
    pages: int
    pdf: Path
    xlsx: Path
    pdf_code: str
    xlsx_code: str
    overall: tuple[str, ...]
    pictures: int

    def problems(self) -> tuple[str, ...]:
        """What did not come out as it was written."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[str]:
        written = len(TWELVE)
        counts = (self.first_operations, self.server_records, self.second_records)
        if counts != (written, written, written):
            yield f"{written}부를 적었는데 노트북 A·서버·노트북 B에 {counts}부가 있습니다."
        if self.by_push != self.server_records:
            yield f"서버의 {self.server_records}부 가운데 {self.by_push}부만 보내기로 왔습니다."
        if not self.pdf_code or self.pdf_code != self.xlsx_code:
            yield f"검산코드가 다릅니다: PDF {self.pdf_code}, 엑셀 {self.xlsx_code}."
        if self.overall[:5] != SHARES_OF_OVERALL:
            yield f"전반적 만족도가 {' '.join(self.overall[:5])}로 인쇄되었습니다."

    def as_text(self, *, seconds: float) -> str:
        """The short Korean account that `make run` ends with."""
        lines = [
            "현장에서 한 번만 적었습니다." if not self.problems() else "맞지 않는 것이 있습니다.",
            f"  적은 것     설문 {len(TWELVE)}부 (노트북 A, 인터넷 없이, 글쇠로만)",
            f"  보낸 것     {self.first_operations}건 모두 서버가 받음",
            f"  서버        기록 {self.server_records}건, 보내기로 온 것 {self.by_push}건",
            f"  노트북 B    받은 기록 {self.second_records}건",
            f"  인쇄        전반적 만족도 {' '.join(self.overall[:5])} (응답 {self._answered()}명)",
            f"              {self.pdf} ({self.pages}쪽), {self.xlsx}",
            f"              검산코드 {self.pdf_code} (두 파일이 같음)",
            f"  화면        {self.pdf.parent / 'screens'} 그림 {self.pictures}장",
            f"  걸린 시간   {seconds:.0f}초",
        ]
        return "\n".join([*lines, *(f"  ! {problem}" for problem in self.problems())])

    def _answered(self) -> str:
        return self.overall[5] if len(self.overall) > 5 else "-"


def read_back(district: District, first: Session, second: Session, out: Path) -> Account:
    """Count again where things arrived: PostgreSQL, B's store, the two files."""
    own = _acknowledged(first)
    with owner_connection(district.owner_url) as owner:
        counted = tally(owner)
    pushed = {record for record, op_id in counted.received if op_id in own}
    (pdf,), (xlsx,) = out.glob("*.pdf"), out.glob("*.xlsx")
    text = page_text(pdf.read_bytes(), 0)
    overall = _OVERALL.search(text)
    return Account(
        first_operations=len(own),
        server_records=len(counted.records),
        by_push=len(counted.records & pushed),
        second_records=sum(not row.is_draft for row in records_and_drafts(second)),
        pages=page_count(pdf.read_bytes()),
        pdf=pdf,
        xlsx=xlsx,
        pdf_code=_code(text),
        xlsx_code=_code(_strings_of(xlsx)),
        overall=tuple(overall[1].split()) if overall else (),
        pictures=len(list((out / "screens").glob("*.png"))),
    )


def _acknowledged(session: Session) -> set[str]:
    """The operations that this laptop made and the server took, by its own list."""
    rows = records_and_drafts(session)
    with session.store.reading() as db:
        own = [own for row in rows for own in operations.for_object(db, row.record_id)]
    return {each.operation.op_id for each in own if each.state in ("acked", "settled")}


def _strings_of(xlsx: Path) -> str:
    """Every text cell of the workbook, as its file has them."""
    with zipfile.ZipFile(xlsx) as package:
        return package.read("xl/sharedStrings.xml").decode("utf-8")


def _code(text: str) -> str:
    found = _CODE.search(text)
    return found[0] if found else ""
