"""The account of the story: counted again where things arrived, never from memory."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fieldapp.demo.district import District
from fieldapp.demo.people import CONTACTS, COUNTS
from fieldapp.demo.story import IMPROVEMENT, SAID
from fieldapp.reports.preview import page_count, page_text
from fieldapp.server.accounts import owner_connection
from fieldapp.server.tally import entity_docs, record_docs, tally
from fieldapp.sync.protocol import CODE_LOCKED

_CODE = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}")
#: What the pages must say (ux §8), by form.
PRINTED: Mapping[str, tuple[str, ...]] = {
    "방문·안부": ("늦게 온 기록 2건", "합계"),
    "개선사항": ("15 12 80.0", "15 12 60 80.0 133.3"),
    "보호작업장": ("서비스과정 0 4 7 33 56", "전반적만족도 0 0 11 22 67", "11 9 81.8"),
}
_KINDS = ("pdf", "hwpx", "xlsx")


@dataclass(frozen=True, slots=True)
class Printed:
    """One page in three files: its check codes, and which figures were looked for in vain."""

    name: str
    pages: int
    codes: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What stood where at the end, as PostgreSQL and the files say."""

    households: int
    contacts: int
    sentence: bool
    responses_planned: int
    surveys: int
    housekeeping: int
    sent_back: int
    corrections: int
    checklist: str
    signed: int
    improvement: tuple[str, str]
    settled: int
    unsettled: int
    printed: tuple[Printed, ...]
    pictures: int
    out: Path
    scale: int = 1
    crashes: int = 0

    def problems(self) -> tuple[str, ...]:
        """What did not come out as it was written."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[str]:
        households = self.scale * sum(sum(grades.values()) for grades in COUNTS.values())
        wanted = {
            "가구": (self.households, households),
            "방문·전화 기록": (self.contacts, CONTACTS * self.scale + 2),
            "설문": (self.surveys, 9),
            "가사서비스 설문": (self.housekeeping, 12),
            "보완 요청": (self.sent_back, 1),
            "정정 요청": (self.corrections, 1),
            "예정된 대응 기록": (self.responses_planned, 1),
            "점검표": (self.checklist, "완료"),
            "서명": (self.signed, 2),
            "15번 개선사항": (self.improvement, ("2026-15", "반영")),
            "정한 다른 내용": (self.settled, 2),
            "남은 다른 내용": (self.unsettled, 0),
            "인쇄물": (len(self.printed), len(PRINTED)),
        }
        for name, (found, expected) in wanted.items():
            if found != expected:
                yield f"{name}: {expected}이어야 하는데 {found}입니다."
        if self.crashes:
            yield f"뜻밖의 잘못이 {self.crashes}번 있었습니다."
        if not self.sentence:
            yield "방문에서 적은 문장이 서버에 없습니다."
        for page in self.printed:
            if len(set(page.codes)) != 1 or len(page.codes) != len(_KINDS):
                yield f"{page.name}: 검산코드가 다릅니다 {page.codes}."
            for words in page.missing:
                yield f"{page.name}: '{words}'이(가) 인쇄되지 않았습니다."

    def as_text(self, *, seconds: float) -> str:
        """The closing page, in Korean."""
        number, state = self.improvement
        lines = [
            "현장에서 한 번만 적었습니다." if not self.problems() else "맞지 않는 것이 있습니다.",
            f"  대상        가구 {self.households}집, 방문·전화 기록 {self.contacts}건",
            f'  방문        가상-김하나: "{SAID}" (앱이 갑자기 닫힌 뒤에 이어서 씀)',
            f"  미확인      가상-박두리: 안부 미확인 대응 예정 {self.responses_planned}건",
            f"  설문        보호작업장 {self.surveys}부, 가사서비스 {self.housekeeping}부",
            f"  확인        보완 요청 {self.sent_back}건 (가상-오마루)",
            f"  정정 요청   잠긴 기록을 고친 것 {self.corrections}건 (가상-유라온), 팀장이 정함",
            f"  점검표      {self.checklist}, 서명 {self.signed}명",
            f'  개선사항    {number}호 "{IMPROVEMENT.removeprefix("가상-")}" {state}',
            f"  다른 내용   {self.settled}건을 나란히 보고 정함, 남은 것 {self.unsettled}건",
        ]
        for page in self.printed:
            code = page.codes[0] if page.codes else "-"
            lines.append(
                f"  인쇄        {page.name} {page.pages}쪽, 검산코드 {code} (세 파일이 같음)"
            )
        lines += [
            f"  파일        {self.out}",
            f"  화면        {self.out / 'screens'} 그림 {self.pictures}장",
            f"  걸린 시간   {seconds:.0f}초",
        ]
        return "\n".join([*lines, *(f"  ! {problem}" for problem in self.problems())])


def read_back(district: District, out: Path, *, crash_reports: Path, scale: int = 1) -> Account:
    """Count again where things arrived: PostgreSQL, and the files; and what broke on the way."""
    with owner_connection(district.owner_url) as owner:
        counted = tally(owner)
        visits = record_docs(owner, "P01")
        checklists = record_docs(owner, "P11")
        improvements = entity_docs(owner, "improvement")
    second = next(
        (doc for doc in checklists if doc["answers"].get("round_no") == "2"),
        {"state": "없음"},
    )
    improvement: Mapping[str, str] = next(
        (doc["props"] for doc in improvements if doc["props"].get("content") == IMPROVEMENT), {}
    )
    corrections = counted.kept.get(CODE_LOCKED, 0)
    return Account(
        households=counted.entities.get("household", 0),
        contacts=counted.of_form("P01"),
        sentence=any(SAID in doc["answers"].get("talk/seen", "") for doc in visits),
        responses_planned=counted.of_form("P03", "예정"),
        surveys=counted.of_form("P13a"),
        housekeeping=counted.of_form("P13e"),
        sent_back=counted.of_form("P01", "보완 요청"),
        corrections=corrections,
        checklist=second["state"],
        signed=len(second.get("signatures", ())),
        improvement=(improvement.get("no", "접수 전"), improvement.get("state", "없음")),
        settled=counted.decided,
        unsettled=counted.undecided - corrections,
        printed=tuple(_printed(out)),
        pictures=len(list((out / "screens").glob("*.png"))),
        out=out,
        scale=scale,
        crashes=len(list(crash_reports.glob("*.txt"))),
    )


def _printed(out: Path) -> Iterator[Printed]:
    for pdf in sorted(out.glob("*.pdf")):
        content = pdf.read_bytes()
        pages = page_count(content)
        text = "\n".join(page_text(content, page) for page in range(pages))
        wanted = next((words for name, words in PRINTED.items() if name in pdf.stem), ())
        squeezed = " ".join(text.split())
        codes = [
            code
            for file in (pdf.with_suffix(f".{kind}") for kind in _KINDS)
            if file.exists()
            for code in [_code(text if file == pdf else _text_of(file))]
        ]
        yield Printed(
            pdf.stem, pages, tuple(codes), tuple(one for one in wanted if one not in squeezed)
        )


def _text_of(package: Path) -> str:
    """Everything that stands in an XLSX or HWPX file."""
    with zipfile.ZipFile(package) as files:
        return "".join(
            files.read(name).decode("utf-8", "replace")
            for name in files.namelist()
            if name.endswith(".xml")
        )


def _code(text: str) -> str:
    found = _CODE.search(text)
    return found[0] if found else ""
