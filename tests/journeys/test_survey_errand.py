"""The whole errand: twelve paper surveys from the keyboard to the printed page of another laptop.

What the page must print, counted by hand from the marks in `demo.surveys` (q1…q7 of sheets 1-12):

    시간준수     q1: 5 5 4 5 3 2 5 4 5 4 5 4               2:1  3:1  4:4  5:6   of 12, sum  51
    청소상태     q2: 5 4 4 5 4 1 5 3 5 5 4 4               1:1  3:1  4:5  5:5   of 12, sum  49
    태도         q3: 5 5 5 5 4 3 4 4 5 5 5 4
                 q4: 5 5 4 5 3 2 5 4 5 4 5 9               2:1  3:2  4:7  5:13  of 23, sum 101
    안내·조치    q5: 5 4 4 5 3 2 9 3 5 4 5 4
                 q6: 5 0 4 5 3 1 9 2 0 4 5 4          1:1  2:2  3:3  4:7  5:7   of 20, sum  77
    전반적       q7: 5 5 4 5 4 2 5 3 5 4 5 4               2:1  3:1  4:4  5:6   of 12, sum  51
    재이용       10 예, 1 아니오, 1 무응답                 10 of 11 = 90.9
    작성 방법    1 helped (sheet 9), 11 paper
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from fieldapp.demo.screens_by_keys import choose_summary, export_all
from fieldapp.demo.surveys import TWELVE
from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.reports.preview import page_count, page_text
from fieldapp.usecases.records import records_page, status
from tests.servers import Server

PRINTED = (
    "시간준수 0.0 8.3 8.3 33.3 50.0 12 4.25",
    "청소상태 8.3 0.0 8.3 41.7 41.7 12 4.08",
    "태도 0.0 4.3 8.7 30.4 56.5 23 4.39",
    "안내·조치 5.0 10.0 15.0 35.0 35.0 20 3.85",
    "전반적 만족도 0.0 8.3 8.3 33.3 50.0 12 4.25",
    "전체 10 1 90.9",
    "본인이 작성 0",
    "도움받아 작성 1",
    "면접 0",
    "종이 입력 11",
)


def test_twelve_surveys_keyed_on_one_laptop_are_printed_from_another(
    pair: tuple[WorkerAtLaptop, WorkerAtLaptop], server: Server, tmp_path: Path
) -> None:
    first, second = pair
    for survey in TWELVE:
        first.key_survey(survey)
    assert status(first.session()).unsent == 12

    first.exchange()
    second.exchange()
    choose_summary(second, "P13e", is_whole=False)
    export_all(second)

    scope = first.worker.scope
    assert status(first.session()).unsent == 0
    assert server.sql("select count(*) from fieldapp.record where scope = %s", [scope]) == [(12,)]
    assert len(records_page(second.session()).rows) == 12
    (pdf,), (xlsx,) = (tmp_path / "out").glob("*.pdf"), (tmp_path / "out").glob("*.xlsx")
    text = page_text(pdf.read_bytes(), 0)
    assert page_count(pdf.read_bytes()) == 1
    for line in PRINTED:
        assert line in text.splitlines()
    for words in ("집계 기준시각", "검산코드", "(단위: %, 명)", "- 1 -", "용도 월례 보고"):
        assert words in text
    code = text.partition("검산코드 ")[2][:14]
    with zipfile.ZipFile(xlsx) as package:
        assert code in package.read("xl/sharedStrings.xml").decode()
