"""월말: 최팀장 prints the month of her town; three files say the same and bear one code."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from fieldapp.demo.screens_by_keys import choose_summary, export_all
from fieldapp.reports.preview import page_count, page_text
from tests.journeys.conftest import Enrolled
from tests.journeys.town import LAST_VISIT
from tests.servers import Server
from tests.ui.neighbourhood import HOUSEHOLDS, household_named, move_in, write

CODE = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}")
LAYOUTS = ("pdf", "hwpx", "xlsx")
#: Two households were visited and found in, 위험 of 3통 and 종결 of 5통; the first was called too.
PRINTED = (
    "통 위험 주의 관심 종결가구(사후관리) 계 부재 부재율(%) 합계 1 - - 1 2 - -",
    "3통 1 - - - 1 - - 5통 - - - 1 1 - - ※ 본인을 만난 방문을",
    "통 대상 전화 간접 연계 의뢰 발굴 합계 2 1 - - - - 3통 1 1 - - - - 5통 1 - - - - - ※",
    "상담주기 등급 대상 부재 전화 간접 연계 의뢰 발굴 합계 2 - 1 - - - - 위험 1 - 1 - - - -",
    "종결가구(사후관리) 1 - - - - - - ※",
    "용도 월례 보고",
    "집계 기준시각",
    "미수신 기기 0대",
    "집계한 기록 3건",
)


def text_of(file: Path) -> str:
    """Every word of a printed file, by single spaces."""
    content = file.read_bytes()
    if file.suffix == ".pdf":
        return " ".join(
            " ".join(page_text(content, page).split()) for page in range(page_count(content))
        )
    with zipfile.ZipFile(file) as package:
        return "".join(
            package.read(name).decode("utf-8", "replace")
            for name in package.namelist()
            if name.endswith(".xml")
        )


def test_month_is_printed_as_three_files_with_one_code(
    server: Server, enrolled: Enrolled, tmp_path: Path
) -> None:
    scope = server.new_scope()
    officer, lead = enrolled(scope, "dong_welfare"), enrolled(scope, "team_lead")
    session = officer.session()
    move_in(session)
    by_name = {path.replace("/", "__"): value for path, value in LAST_VISIT.items()}
    for known in HOUSEHOLDS:
        write(session, "P01", household_named(session, known["who/name"]), **by_name)
    call = {"method": "phone", "result": "self", "cared__voice": "same"}
    write(session, "P01", household_named(session, "가상-김하나"), **call)
    officer.exchange()
    lead.exchange()

    choose_summary(lead, "P01", is_whole=False)
    export_all(lead)

    files = [one for kind in LAYOUTS for one in (tmp_path / "out").glob(f"*.{kind}")]
    assert [file.suffix.removeprefix(".") for file in files] == list(LAYOUTS)
    assert len({file.stem for file in files}) == 1
    texts = [text_of(file) for file in files]
    codes = [CODE.search(text) for text in texts]
    assert all(codes)
    assert len({found[0] for found in codes if found}) == 1
    for words in PRINTED:
        assert words in texts[0]
    assert HOUSEHOLDS[0]["who/name"] not in texts[0]
