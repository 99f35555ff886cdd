"""What a workbook with every sheet says, and what its form, texts and words are then worth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldapp.domain.plans import (
    AllOf,
    AnswerOf,
    AnyOf,
    Comparison,
    Constant,
    ContactPaths,
    EntityList,
    Grouping,
    Part,
    Projection,
    Schedule,
    ScheduleRule,
    Selected,
    SummaryPlan,
    SummaryRow,
    TableColumn,
    TablePlan,
)
from fieldapp.domain.workflow import (
    SIGNED,
    automatic_step,
    checked_step,
    seats_to_sign,
    state_without_signatures,
)
from fieldapp.packs import (
    CopyBlock,
    Filling,
    Pack,
    copy_blocks,
    guard,
    open_form,
    property_words,
    question_words,
    rerun,
)
from tests.forms.rows import Rows
from tests.packs.small import SHEETS, changed, problems_in, row_number, small_pack, with_row
from tests.packs.test_p13e import SURROUNDINGS

HOME = "01a22ee6-b000-78f1-91b7-00000000000a"
LISTS = {
    "household": Rows({"name": HOME, "label": "가상-첫째집", "grade": "risk"}),
    "monitor": Rows({"name": "m1", "label": "가상-조사원"}),
}
IS_RISK = Comparison("=", AnswerOf("grade"), Constant("risk"))
IS_WATCH = Comparison("=", AnswerOf("grade"), Constant("watch"))


@pytest.fixture(scope="module")
def pack() -> Pack:
    return small_pack()


@pytest.fixture
def filling(pack: Pack) -> Filling:
    filling = open_form(pack, SURROUNDINGS, instances=LISTS)
    for path, text in {
        "household": HOME, "how": "visit", "seen": "yes", "signs": "mail smell",
        "first/note": "문이  열려 있음", "areas[n2]/items[n1]/score": "2",
    }.items():  # fmt: skip
        filling.answer(path, text)
    return filling


def test_rules_of_the_cycle_ask_properties_and_the_contact_names_answers(pack: Pack) -> None:
    assert pack.plans.schedule == Schedule(
        "household",
        (
            ScheduleRule("7일에 한 번", 7, "day", "any", applies_when=IS_RISK),
            ScheduleRule(
                "한 달에 한 번 방문",
                1,
                "month",
                "visit",
                minimum=2,
                confirmed_only=False,
                holiday_rule="before",
                applies_when=AnyOf((IS_RISK, IS_WATCH)),
            ),
        ),
        ContactPaths("on", "how", "seen"),
    )


def test_a_workbook_without_rules_may_still_be_a_contact() -> None:
    sheets = {name: rows for name, rows in SHEETS.items() if name != "schedule"}

    assert small_pack(sheets).plans.schedule == Schedule(
        "household", (), ContactPaths("on", "how", "seen")
    )


def test_a_rule_is_asked_over_the_properties_of_the_household(pack: Pack) -> None:
    holds = guard(pack)

    assert holds(AnyOf((IS_RISK, IS_WATCH)), {"grade": "watch", "hh_size": "1"})
    assert not holds(IS_RISK, {})


def test_lists_seats_and_rules_of_properties_are_plans(pack: Pack) -> None:
    plans = pack.plans

    assert plans.subject == "household"
    assert plans.parts == (Part("first", "monitor1"),)
    assert plans.entities == (
        # What the form works out asks nobody.
        EntityList(
            "household", ("last_on", "last_how", "state"), {"last_on": "max", "state": "last"}
        ),
        EntityList("person"),
        EntityList("monitor"),
    )
    assert plans.merge.rules == {"on": "max", "signs": "union", "first/note": "append"}
    assert plans.merge.groups == (frozenset({"how", "seen"}),)


def test_a_question_that_saves_a_property_marks_it_for_cards() -> None:
    row = row_number("survey", "name", "state")

    shown = small_pack(changed("survey", row, "card", "yes"))
    strange = changed("survey", row, "card", "가끔")
    elsewhere = changed("survey", row_number("survey", "name", "signs"), "card", "yes")

    assert shown.plans.entities[0].card == ("state",)
    for sheets in (strange, elsewhere):
        (problem,) = problems_in(sheets)
        assert (problem.sheet, problem.column) == ("survey", "card")


def test_a_calculate_says_how_the_property_merges_that_it_saves(pack: Pack) -> None:
    row = row_number("survey", "name", "state")

    asking = small_pack(changed("survey", row, "merge", "ask"))
    united = small_pack(changed("survey", row, "merge", "union"))

    assert asking.plans.entities[0].rules == {"last_on": "max"}
    assert united.plans.entities[0].rules == {"last_on": "max", "state": "union"}
    assert united.plans.merge == pack.plans.merge


def test_what_the_nodes_of_entities_say_never_conflicts(pack: Pack) -> None:
    assert {"meta/entity/@id", "meta/entity/@update"} <= pack.plans.merge.calculated


def test_a_table_by_a_property_of_the_subject_counts_each_column_in_its_own_way(
    pack: Pack,
) -> None:
    table = pack.plans.summaries[0]
    assert isinstance(table, TablePlan)

    assert (table.row_head, table.unit, table.period_path, table.empty) == (
        "구분", "%, 건", "on", "-",
    )  # fmt: skip
    # The words of the grades stand in the choice list of that name.
    assert table.rows == Grouping("subject", "grade", (("risk", "위험"), ("watch", "관심")))
    assert table.where == Comparison("!=", AnswerOf("how"), Constant(""))
    of_todos = Comparison("!=", AnswerOf("todos/what"), Constant(""))
    of_visits = Comparison("=", AnswerOf("how"), Constant("visit"))
    found = Comparison("!=", AnswerOf("route"), Constant(""))
    absent = Comparison("=", AnswerOf("seen"), Constant("no"))
    assert table.columns == (
        TableColumn("대상", "count", "list", "household", unit="건"),
        TableColumn("방문", "count", where=of_visits, unit="건"),
        TableColumn("부재", "count", where=absent, unit="건"),
        TableColumn(
            "부재율%", "rate", over=("부재",), under=("방문", "부재"),
            decimals=1, unit="%", is_percent=True,
        ),
        TableColumn("할 일", "count", "repeat", "todos", where=of_todos, unit="건"),
        TableColumn("발굴", "count", "created", "household", where=found, unit="건"),
    )  # fmt: skip


def test_a_crossed_table_has_the_words_of_the_property_that_an_answer_took() -> None:
    """`grade_now` is what the household's grade was; a choice called missing is 미상."""
    grade = "instance('household')/root/item[name=${household}]/grade"
    assert ("calculate", "grade_now", "", grade) in SHEETS["survey"]
    line = "방문 = count(${how}='visit')\n부재율% = rate(방문, 방문)"

    tables = [
        crossed_table(across, line, missing)
        for across, missing in (
            ("by grade_now", ""), ("how", "phone"), ("subject grade", ""), ("by on", ""),
        )
    ]  # fmt: skip

    assert [table.across for table in tables] == [
        Grouping("answer", "grade_now", (("risk", "위험"), ("watch", "관심"))),
        Grouping("answer", "how", (("visit", "방문"),)),
        Grouping("subject", "grade", (("risk", "위험"), ("watch", "관심"))),
        Grouping("answer", "on"),
    ]


def crossed_table(across: str, columns: str, missing: str) -> TablePlan:
    head = ("id", "caption", "rows", "across", "columns", "measure", "missing", "period")
    row = ("t", "표", "subject tong", across, columns, "table", missing, "month by on")
    pack = small_pack({**SHEETS, "summary": (head, row)})
    (table,) = pack.plans.summaries
    assert isinstance(table, TablePlan)
    if table.across is not None and table.across.kind == "answer":
        assert table.across.path in dict(pack.plans.projection.columns)
    return table


def test_a_table_of_a_nested_repeat_is_parted_by_the_repeat_around(pack: Pack) -> None:
    table = pack.plans.summaries[1]
    assert isinstance(table, TablePlan)

    assert (table.source, table.name) == ("repeat", "areas/items")
    assert table.rows == Grouping("answer", "areas/area_name")
    # 해당없음 is no number, so no mean counts it.
    assert table.columns[1] == TableColumn(
        "평균", "mean", "repeat", "areas/items", "areas/items/score",
        values=("2", "1"), decimals=2,
    )  # fmt: skip


def test_a_table_of_a_list_sets_a_rate_beside_its_target(pack: Pack) -> None:
    table = pack.plans.summaries[2]
    assert isinstance(table, TablePlan)

    assert (table.source, table.name, table.period_path) == ("list", "improvement", "")
    assert table.rows == Grouping("all", label="반영률")
    target, rate, achieved = table.columns[2:]
    assert target == TableColumn("목표", "target", "list", "target", "adopted")
    assert (rate.over, rate.under) == (("반영",), ("접수",))
    # `실적` means the column 실적%; nobody writes the sign twice.
    assert (achieved.over, achieved.under, achieved.decimals) == (("실적%",), ("목표",), 1)


def test_scores_inside_a_repeat_are_distributed_like_others(pack: Pack) -> None:
    spread = pack.plans.summaries[3]
    assert isinstance(spread, SummaryPlan)

    assert spread.rows == (SummaryRow("점수", ("areas/items/score",)),)


def test_sections_stand_in_the_order_of_the_sheet(pack: Pack) -> None:
    assert [plan.id for plan in pack.plans.summaries] == ["visits", "scores", "adopted", "spread"]


def test_what_tables_schedule_and_subject_name_becomes_a_column(pack: Pack) -> None:
    assert pack.plans.projection == Projection(
        "SMALL",
        (("household", "text"), ("on", "date"), ("how", "text"), ("seen", "text")),
        {
            "areas": (("areas/area_name", "text"),),
            "areas/items": (("areas/items/score", "text"),),
            "todos": (("todos/what", "text"),),
        },
    )


def test_what_is_added_up_is_a_number_and_a_repeat_that_is_counted_has_a_table() -> None:
    sheets = with_row(
        "summary", id="more", caption="더하기", rows="all 모두", measure="table",
        period="month by on", columns="수 = sum(area_count)\n영역 = rows(areas)",
    )  # fmt: skip
    bare = {**sheets, "summary": (sheets["summary"][0], sheets["summary"][-1])}

    projection = small_pack(bare).plans.projection

    assert ("area_count", "decimal") in projection.columns
    assert projection.repeats == {"areas": ()}


def test_the_server_confirms_when_both_have_signed(pack: Pack) -> None:
    workflow, holds = pack.plans.workflow, guard(pack)

    assert seats_to_sign(workflow) == ("monitor1", "monitor2")
    assert automatic_step(workflow, "서명 전", {SIGNED: "monitor1"}, holds) is None
    step = automatic_step(workflow, "서명 전", {SIGNED: "monitor1 monitor2"}, holds)
    assert step is not None
    assert step.target == "완료"
    assert step.guard == AllOf(
        (Selected(AnswerOf(SIGNED), "monitor1"), Selected(AnswerOf(SIGNED), "monitor2"))
    )
    assert state_without_signatures(workflow, "취합") == "서명 전"


def test_of_two_rows_to_one_state_the_first_that_holds_is_taken(pack: Pack) -> None:
    def finish(how: str) -> tuple[str, ...]:
        return checked_step(
            pack.plans.workflow,
            state=None,
            target="서명 전",
            roles=frozenset({"monitor"}),
            answers={"how": how},
            reason=None,
            guard=guard(pack),
        ).effects

    assert finish("visit") == ("entities", "open P03")
    assert finish("phone") == ("entities",)


def test_entities_change_when_the_record_is_done_unless_a_row_says_when() -> None:
    rows = tuple(
        tuple("lock" if "entities" in text else text for text in row) for row in SHEETS["workflow"]
    )

    steps = small_pack({**SHEETS, "workflow": rows}).plans.workflow.steps

    marked = [(step.object, step.target) for step in steps if "entities" in step.effects]
    assert marked == [("record", "완료")]


def test_texts_are_written_from_the_answers_and_measured(pack: Pack, filling: Filling) -> None:
    filling.answer(filling.repeat_paths("todos")[0] + "/what", "연탄 신청")

    way, text = copy_blocks(pack, filling)

    assert way == CopyBlock("상담내역", "방법", "방문", 20)
    assert not way.is_too_long
    # Two spaces, which an unanswered question leaves behind, are one.
    assert text.text == "문이 열려 있음 연탄 신청"
    assert text.is_too_long


def test_a_text_of_an_empty_form_is_empty(pack: Pack) -> None:
    blocks = copy_blocks(pack, open_form(pack, SURROUNDINGS))

    assert [block.text for block in blocks] == ["", ""]


def test_questions_in_repeats_say_where_they_stand(filling: Filling) -> None:
    words = question_words(filling)

    assert words["areas[n2]/items[n1]/score"].label == "2-1 급식의 점수"
    assert words["areas[n2]"].label == "2 영역"
    assert words["areas[n2]/items[n1]/score"].words("na") == "해당없음"


def test_values_are_told_as_a_person_says_them(filling: Filling) -> None:
    words = question_words(filling)

    assert words["signs"].words("mail smell") == "우편물, 악취"
    assert words["photo"].words("ab12.jpg") == "사진"
    assert words["household"].words(HOME) == "가상-첫째집"
    assert words["household"].words("somebody else") == "somebody else"
    assert words["first/note"].words("그대로") == "그대로"
    assert words["@signed/monitor1"].label == "서명(조사원 1)"
    assert words["@signed/monitor1"].words('{"by":"x"}') == "서명함"
    assert words["@subject"].label == "대상"


def test_properties_have_the_words_of_the_questions_that_save_them(pack: Pack) -> None:
    words = property_words([pack], "household")

    assert words["last_on"].label == "방문일"
    assert words["last_how"].words("phone") == "전화"
    # No question shows it: nothing is made up.
    assert "state" not in words
    assert property_words([pack], "person") == {}


def test_a_rerun_without_lists_keeps_what_was_looked_up(pack: Pack, filling: Filling) -> None:
    answers = filling.answers()
    assert answers["grade_now"] == "risk"

    assert rerun(pack, SURROUNDINGS, answers) == answers


def test_a_rerun_with_lists_looks_again_only_where_nothing_was_found(pack: Pack) -> None:
    before = {"household": HOME, "how": "visit"}

    after = rerun(pack, SURROUNDINGS, before, LISTS)

    assert after["grade_now"] == "risk"


def test_who_wrote_stays_whoever_amends(pack: Pack) -> None:
    first = replace(SURROUNDINGS, properties={"username": "가상-담당"})
    other = replace(SURROUNDINGS, properties={"username": "가상-팀장"})
    written = open_form(pack, first).answers()

    amended = open_form(pack, other, written).answers()

    assert amended["writer"] == written["writer"] == "가상-담당"


def test_a_stored_version_has_the_same_plans(pack: Pack) -> None:
    assert Pack.from_stored(pack.to_stored()).plans == pack.plans


def test_conditions_that_hold_for_the_unanswered_are_noted_and_refuse_nothing() -> None:
    sheets = changed("survey", row_number("survey", "name", "note"), "relevant", "${how}!='phone'")

    notes = small_pack(sheets).warnings

    assert any("'how'에 아직 답하지 않았을 때" in note for note in notes)


def test_a_rule_that_asks_a_name_near_a_property_is_noted() -> None:
    # `grade` is looked up in a calculate, so it is known.
    notes = small_pack(changed("schedule", 2, "applies_when", "${grades}='risk'")).warnings

    assert any("'grades'" in note and "'grade'" in note for note in notes)


def test_a_name_near_a_property_is_noted_and_refuses_nothing() -> None:
    sheets = with_row(
        "survey", type="calculate", name="more",
        calculation="instance('household')/root/item[name=${household}]/last_onn",
    )  # fmt: skip

    notes = small_pack(sheets).warnings

    assert any("'last_onn'" in note and "'last_on'" in note for note in notes)
