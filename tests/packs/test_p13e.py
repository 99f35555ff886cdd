"""The shipped workbook says exactly what the office's survey needs."""

from __future__ import annotations

import importlib
import io
import zipfile
from datetime import datetime

import pytest

from fieldapp.clock import KOREA
from fieldapp.domain.operation import FormRef
from fieldapp.domain.plans import (
    AnswerOf,
    Comparison,
    Constant,
    MergePlan,
    Projection,
    SummaryColumn,
    SummaryPlan,
    SummaryRow,
    Workflow,
    WorkflowStep,
)
from fieldapp.domain.workflow import checked_step
from fieldapp.errors import TransitionRefused
from fieldapp.forms import Surroundings
from fieldapp.packs import Pack, guard, open_form, read_pack, rerun
from tests.packs.workbooks import P13E, p13e

SURROUNDINGS = Surroundings(
    now=lambda: datetime(2026, 11, 21, 15, 20, tzinfo=KOREA),
    record_id="019a0000-0000-7000-8000-000000000001",
    seed=1,
)
FOOTNOTE = "무응답과 '말한 적 없음'은 뺌"
SCALE = ("1", "2", "3", "4", "5")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return p13e()


def test_the_workbook_is_read_in_a_process_of_its_own_without_a_warning() -> None:
    pack = read_pack(P13E.read_bytes(), P13E.name)

    assert pack.warnings == ()
    assert pack.plans == p13e().plans
    assert pack.xform == p13e().xform


def test_the_form_has_both_languages_and_every_question(pack: Pack) -> None:
    definition = pack.definition

    assert pack.form == FormRef(id="P13e", version="2026120101")
    assert (definition.form_id, definition.version) == ("P13e", "2026120101")
    assert definition.title == "가사서비스 이용만족도"
    assert definition.languages == ("한국어 (ko)", "English (en)")
    assert definition.default_language == "한국어 (ko)"
    assert [path for path in definition.leaves if not path.startswith("meta/")] == [
        "today", "notice", "batch", "serial", "mode", "helper", "helper_note",
        "items/q1", "items/q2", "items/q3", "items/q4", "items/q5", "items/q6", "items/q7",
        "answered", "mean5", "again", "damage", "damage_note", "good", "wish",
    ]  # fmt: skip


def test_a_survey_is_finished_by_those_who_may_and_only_with_an_answer(pack: Pack) -> None:
    workflow = pack.plans.workflow

    assert workflow == Workflow(
        (
            WorkflowStep(
                object="record",
                source=None,
                target="완료",
                label="마치기",
                roles=("secretariat", "dong_welfare"),
                guard=Comparison(">", AnswerOf("answered"), Constant(0.0)),
                guard_message="답한 문항이 하나도 없습니다",
            ),
        )
    )

    def finish(answers: dict[str, str]) -> WorkflowStep:
        return checked_step(
            workflow,
            state=None,
            target="완료",
            roles=frozenset({"secretariat"}),
            answers=answers,
            reason=None,
            guard=guard(pack),
        )

    assert finish({"answered": "1"}).target == "완료"
    for answers in ({"answered": "0"}, {}):
        with pytest.raises(TransitionRefused) as refused:
            finish(answers)
        assert refused.value.facts["reason"] == "답한 문항이 하나도 없습니다"


def test_calculates_and_metadata_never_conflict_and_the_rest_is_asked(pack: Pack) -> None:
    assert pack.plans.merge == MergePlan(
        calculated=frozenset(
            {"today", "answered", "mean5", "meta/instanceID", "meta/instanceName"}
        ),
        rules={},
        groups=(),
    )


def test_only_what_the_tables_name_becomes_a_column(pack: Pack) -> None:
    assert pack.plans.projection == Projection(
        "P13e",
        (
            ("today", "date"),
            ("mode", "text"),
            *((f"items/q{number}", "text") for number in range(1, 8)),
            ("again", "text"),
        ),
    )


def test_the_three_tables_are_resolved_down_to_paths_and_choices(pack: Pack) -> None:
    dist, again, mode = pack.plans.summaries

    assert dist == SummaryPlan(
        id="dist",
        form_id="P13e",
        caption="평가요소별 응답 분포",
        unit="%, 명",
        row_head="평가요소",
        rows=(
            SummaryRow("시간준수", ("items/q1",)),
            SummaryRow("청소상태", ("items/q2",)),
            SummaryRow("태도", ("items/q3", "items/q4")),
            SummaryRow("안내·조치", ("items/q5", "items/q6")),
            SummaryRow("전반적 만족도", ("items/q7",)),
        ),
        columns=(
            *(SummaryColumn(score, "share", (score,), SCALE, 1, "%") for score in SCALE),
            SummaryColumn("응답수", "count", SCALE, (), 0, "명"),
            SummaryColumn("평균", "mean", SCALE, (), 2),
        ),
        period_path="today",
        footnote=FOOTNOTE,
    )
    assert again == SummaryPlan(
        id="again",
        form_id="P13e",
        caption="재이용 의향",
        unit="",
        row_head="구분",
        rows=(SummaryRow("전체", ("again",)),),
        columns=(
            SummaryColumn("예", "count", ("1",)),
            SummaryColumn("아니오", "count", ("2",)),
            SummaryColumn("예(%)", "share", ("1",), ("1", "2"), 1, "%"),
        ),
        period_path="today",
        footnote=FOOTNOTE,
    )
    assert mode == SummaryPlan(
        id="mode",
        form_id="P13e",
        caption="작성 방법별 부수",
        unit="",
        row_head="작성 방법",
        rows=tuple(
            SummaryRow(label, ("mode",), only)
            for label, only in (
                ("본인이 작성", "self"),
                ("도움받아 작성", "helped"),
                ("면접", "interview"),
                ("종이 입력", "paper"),
            )
        ),
        columns=(SummaryColumn("부수", "count", ("self", "helped", "interview", "paper")),),
        period_path="today",
        footnote=FOOTNOTE,
    )


def test_a_form_counts_its_valid_answers_and_their_mean(pack: Pack) -> None:
    filling = open_form(pack, SURROUNDINGS)
    for path, text in {
        "batch": "2026-11 가상-햇살동", "serial": "1", "mode": "paper",
        "items/q1": "5", "items/q2": "4", "items/q3": "4", "items/q4": "9", "items/q6": "0",
    }.items():  # fmt: skip
        filling.answer(path, text)

    answers = filling.answers()
    # q4 is 무응답 and q6 말한 적 없음: three answers, (5 + 4 + 4) / 3 = 4.333…
    assert (answers["answered"], answers["mean5"]) == ("3", "4.33")
    assert answers["today"] == "2026-11-21"
    assert answers["meta/instanceID"] == f"uuid:{SURROUNDINGS.record_id}"
    assert answers["meta/instanceName"] == "설문 1"


def test_a_rerun_after_a_merge_refreshes_calculates_and_keeps_the_day(pack: Pack) -> None:
    filling = open_form(pack, SURROUNDINGS)
    for path, text in {"serial": "3", "items/q1": "5", "items/q2": "2"}.items():
        filling.answer(path, text)
    merged = filling.answers() | {"items/q2": "4", "serial": "4"}
    a_month_later = Surroundings(
        now=lambda: datetime(2026, 12, 21, tzinfo=KOREA),
        record_id=SURROUNDINGS.record_id,
        seed=1,
    )

    after = rerun(pack, a_month_later, merged)

    assert after == merged | {"mean5": "4.5", "meta/instanceName": "설문 4"}


def test_a_draft_goes_on_where_it_stopped(pack: Pack) -> None:
    filling = open_form(pack, SURROUNDINGS)
    filling.answer("mode", "helped")
    filling.answer("helper", "family")
    filling.answer("mode", "self")

    resumed = open_form(pack, SURROUNDINGS, filling.draft_answers())

    assert "helper" not in resumed.answers()
    resumed.answer("mode", "helped")
    assert resumed.value("helper") == "family"


def test_a_stored_pack_opens_the_same_without_pyxform(pack: Pack) -> None:
    again = Pack.from_stored(pack.to_stored())

    assert again.plans == pack.plans
    assert (again.workbook, again.workbook_sha256) == (pack.workbook, pack.workbook_sha256)
    assert again.xform == pack.xform
    assert again.definition.leaves == pack.definition.leaves


def test_the_script_writes_the_workbook_that_is_shipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A script finds the modules beside it.
    monkeypatch.syspath_prepend(str(P13E.parent))
    making, maker = (importlib.import_module(name) for name in ("making", "make_p13e"))

    made = making.workbook_bytes(maker.BOOK)

    assert made == making.workbook_bytes(maker.BOOK)
    # Parts, not bytes: another zlib may pack the same part into other bytes.
    assert _parts(made) == _parts(P13E.read_bytes())


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
