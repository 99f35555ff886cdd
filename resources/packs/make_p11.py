"""Writes P11.xlsx, the checklist of the citizens' monitoring visits: two monitors, one sheet.

    python resources/packs/make_p11.py

Areas and statements stand in the choices sheet (`areas`, `indicators`); the form counts and looks
them up there, so another statement is another row and no other change.
"""

from __future__ import annotations

from typing import Final

from making import (
    SMALLER,
    Book,
    calculate,
    choices,
    group,
    metadata,
    note,
    question,
    repeat,
    write,
)
from p11_indicators import area_choices, indicator_choices, programme_choices
from p11_plans import PACK, SUMMARY, WORKFLOW

NO_FACES: Final = ("사람 얼굴이 나오지 않게 찍어 주세요", "Take no pictures of faces")
FACTS: Final = ("보고 들은 사실만 적어 주세요", "Write only what you saw and heard")
NEEDED: Final = ("골라 주세요", "Please choose")
#: A score that says nothing by itself, or says that something is wrong.
NEEDS_EVIDENCE: Final = "${score}='na' or ${score}='unk' or ${score}='1' or ${score}='2'"

LISTS: Final = {
    "round": choices(
        ("prepare", "준비점검", "Preparation"),
        ("progress", "이행점검", "Progress"),
        ("result", "결과확인", "Result"),
        ("onsite", "현장모니터링", "On-site monitoring"),
    ),
    "programmes": programme_choices(),
    "visit_state": choices(
        ("done", "점검함", "Inspected"),
        ("closed", "문 닫음", "Closed"),
        ("refused", "거절", "Refused"),
        ("moved", "일정 변경", "Rescheduled"),
    ),
    "yn": choices(("yes", "예", "Yes"), ("no", "아니오", "No")),
    "score5": choices(
        ("5", "매우 그렇다", "Strongly agree"),
        ("4", "그렇다", "Agree"),
        ("3", "보통이다", "Neither"),
        ("2", "그렇지 않다", "Disagree"),
        ("1", "전혀 그렇지 않다", "Strongly disagree"),
        ("na", "해당없음", "Not applicable"),
        ("unk", "확인 못 함", "Could not check"),
    ),
    "urgency": choices(
        ("normal", "보통", "Normal"),
        ("now", "안전상 바로", "At once, for safety"),
    ),
    "how": choices(
        ("screen", "화면에서", "On the screen"),
        ("paper", "종이를 옮겨 적음", "Keyed from paper"),
    ),
    "areas": area_choices(),
    "indicators": indicator_choices(),
}

HEAD: Final = (
    # Who filled it is said by the seats: the office plans it, two monitors fill it.
    *metadata("start", "end", "today", "deviceid"),
    question("select_one round", "round", ("점검 종류", "Kind of inspection"), required=True),
    question(
        "integer",
        "round_no",
        ("회차", "Round"),
        required=True,
        constraint=". >= 1",
        constraint_message=("1보다 작은 회차는 쓸 수 없습니다", "The round cannot be below 1"),
    ),
    question("select_one programmes", "programme", ("사업", "Programme"), required=True),
    question(
        "select_one_from_file site.csv",
        "site",
        ("점검할 곳", "Site"),
        required=True,
        required_message=("점검할 곳을 골라 주세요", "Please choose the site"),
        choice_filter="programme=${programme}",
    ),
    question(
        "select_one_from_file monitor.csv",
        "monitor1",
        ("조사원 1", "Monitor 1"),
        required=True,
        required_message=("조사원을 골라 주세요", "Please choose the monitor"),
    ),
    question(
        "select_one_from_file monitor.csv",
        "monitor2",
        ("조사원 2", "Monitor 2"),
        required=True,
        required_message=("조사원을 골라 주세요", "Please choose the monitor"),
        constraint=". != ${monitor1}",
        constraint_message=(
            "조사원 1과 다른 사람이어야 합니다",
            "Must be another person than monitor 1",
        ),
    ),
    question("date", "visit_date", ("방문일", "Date of visit"), required=True, default="today()"),
    question(
        "select_one visit_state",
        "visit_state",
        ("점검 상태", "What happened"),
        hint=("점검하지 못한 방문도 기록으로 남깁니다", "A visit that failed is a record too"),
        required=True,
        required_message=NEEDED,
    ),
    question(
        "text",
        "state_note",
        ("점검하지 못한 까닭", "Why there was no inspection"),
        hint=FACTS,
        required=True,
        required_message=("까닭을 적어 주세요", "Please write why"),
        relevant="${visit_state}!='' and ${visit_state}!='done'",
        appearance="multiline",
    ),
    question(
        "select_one yn",
        "conflict_free",
        (
            "본인·가족이 이용하거나 일하는 곳이 아님",
            "Neither you nor your family uses or works at this place",
        ),
        required=True,
        required_message=NEEDED,
    ),
    note(
        "conflict_note",
        (
            "사무국에 알려 조사원을 바꾸어 주세요. 이 기록은 그대로 남습니다.",
            "Tell the secretariat to send another monitor. This record stays.",
        ),
        "${conflict_free}='no'",
    ),
    question(
        "text",
        "met_person",
        ("만난 사람(직위)", "Person met (position)"),
        hint=("이름 대신 직위를 적어 주세요", "Write the position, not the name"),
        relevant="${visit_state}='done'",
    ),
    question(
        "integer",
        "capacity",
        ("정원", "Places"),
        relevant="${visit_state}='done'",
        constraint=". >= 0",
        constraint_message=("0 이상의 수를 적어 주세요", "Write 0 or more"),
    ),
    question(
        "integer",
        "present",
        ("현원", "Present"),
        relevant="${visit_state}='done'",
        constraint=". >= 0",
        constraint_message=("0 이상의 수를 적어 주세요", "Write 0 or more"),
    ),
    note(
        "over_note",
        ("현원이 정원보다 많습니다. 맞는지 살펴보세요.", "More are present than there are places."),
        "${capacity}!='' and ${present} > ${capacity}",
    ),
    calculate("area_count", "count(instance('areas')/root/item[programme=${programme}])"),
    # Out here, where it always holds: counted inside an area, it would be nothing while the visit
    # is marked as not done, and every score given before would go.
    calculate(
        "most_items",
        "if(${programme}='', 0, "
        "max(instance('indicators')/root/item[programme=${programme}]/item_no))",
    ),
)

ITEMS: Final = repeat(
    "items",
    ("지표", "Statements"),
    (
        calculate("item_no", "position(..)"),
        calculate(
            "item_text",
            "instance('indicators')/root/item[area=${area} and item_no=${item_no}]/ko",
        ),
        calculate(
            "item_english",
            "instance('indicators')/root/item[area=${area} and item_no=${item_no}]/en",
        ),
        question(
            "select_one score5",
            "score",
            ("${item_text}", "${item_english}"),
            required=True,
            required_message=("점수를 골라 주세요", "Please choose a score"),
            # An area with fewer statements than another has rows without one.
            relevant="${item_text}!=''",
            appearance="likert",
        ),
        question(
            "text",
            "evidence",
            ("근거", "Evidence"),
            hint=FACTS,
            required=NEEDS_EVIDENCE,
            required_message=(
                "1·2점, 해당없음, 확인 못 함에는 근거를 적어 주세요",
                "A score of 1 or 2, not applicable or not checked needs evidence",
            ),
        ),
        question(
            "image",
            "photo",
            ("사진", "Photo"),
            hint=NO_FACES,
            parameters=SMALLER,
        ),
    ),
    count="${most_items}",
)

AREAS: Final = repeat(
    "areas",
    ("${area_name}", "${area_english}"),
    (
        calculate("area_no", "position(..)"),
        calculate(
            "area",
            "instance('areas')/root/item[programme=${programme} and area_no=${area_no}]/name",
        ),
        calculate("area_name", "instance('areas')/root/item[name=${area}]/ko"),
        calculate("area_english", "instance('areas')/root/item[name=${area}]/en"),
        # Numbered, so that the rows of a table stand in the order of the checklist.
        calculate("area_row", "concat(${area_no}, '. ', ${area_name})"),
        calculate("item_count", "count(instance('indicators')/root/item[area=${area}])"),
        *ITEMS,
        calculate("n_scored", "count(${score}[. >= 1])"),
        calculate(
            "area_mean",
            "if(${n_scored}=0, '', round(sum(${score}[. >= 1]) div ${n_scored}, 2))",
        ),
        note(
            "mean_note",
            (
                "평균 ${area_mean} (점수를 준 지표 ${n_scored}개)",
                "Mean ${area_mean} of ${n_scored} scored statements",
            ),
            "${n_scored} > 0",
        ),
        question(
            "text",
            "opinion",
            ("영역 의견", "Opinion on this area"),
            hint=("평균이 3.0 이하이면 꼭 적어 주세요", "Needed when the mean is 3.0 or less"),
            required="${area_mean}!='' and ${area_mean}<=3",
            required_message=(
                "평균이 3.0 이하인 영역에는 의견을 적어 주세요",
                "An area with a mean of 3.0 or less needs an opinion",
            ),
            appearance="multiline",
        ),
    ),
    count="${area_count}",
    relevant="${visit_state}='done'",
)

#: What an improvement takes from the checklist around it; nothing until its content is written,
#: because an instance that nobody touched is not saved.
TAKEN: Final = (
    ("improvement_area", "area", "instance('areas')/root/item[name=${of_area}]/ko"),
    ("improvement_programme", "programme", "${programme}"),
    ("improvement_site", "site", "${site}"),
    ("improvement_round", "round", "${round_no}"),
    ("improvement_round_kind", "round_kind", "${round}"),
    ("improvement_record", "source_record", "substring-after(/data/meta/instanceID, 'uuid:')"),
    ("improvement_source", "source", "'onsite'"),
    ("improvement_date", "recv_date", "${visit_date}"),
)

IMPROVEMENTS: Final = repeat(
    "improvements",
    ("개선사항", "Improvements"),
    (
        question(
            "text",
            "content",
            ("무엇을 어떻게 고치면 좋은지", "What should be improved, and how"),
            hint=("한 건에 하나씩 적어 주세요", "One thing each"),
            appearance="multiline",
            save_to="improvement#content",
        ),
        question(
            "select_one areas",
            "of_area",
            ("영역", "Area"),
            required="${content}!=''",
            required_message=("영역을 골라 주세요", "Please choose the area"),
            # Two questions that require each other would be a cycle for other clients.
            constraint="${content}!=''",
            constraint_message=(
                "개선할 내용을 적어 주세요",
                "Please write what should be improved",
            ),
            choice_filter="programme=${programme}",
        ),
        question(
            "select_one urgency",
            "urgency",
            ("급한 정도", "Urgency"),
            required="${content}!=''",
            required_message=NEEDED,
            save_to="improvement#urgency",
        ),
        *(
            calculate(name, f"if(${{content}}='', '', {value})", save_to=f"improvement#{prop}")
            for name, prop, value in TAKEN
        ),
    ),
    relevant="${visit_state}='done'",
)

CLOSING: Final = (
    *repeat(
        "good",
        ("잘된 점", "What was good"),
        (
            question(
                "text",
                "good_text",
                ("다른 곳에도 알릴 만한 점", "Something others could learn from"),
                appearance="multiline",
            ),
        ),
        relevant="${visit_state}='done'",
    ),
    *IMPROVEMENTS,
    *group(
        "talk",
        ("기관과 나눈 이야기", "What was said at the site"),
        (
            question(
                "text",
                "fixed_now",
                ("그 자리에서 고친 것", "What was put right on the spot"),
                appearance="multiline",
                merge="append",
            ),
            question(
                "text",
                "site_says",
                ("기관 의견", "What the site says"),
                hint=FACTS,
                appearance="multiline",
                merge="append",
            ),
        ),
        relevant="${visit_state}='done'",
    ),
    *group(
        "part1",
        ("조사원 1 덧붙임", "Remark of monitor 1"),
        (
            question(
                "text", "remark1", ("덧붙일 말(선택)", "Remark (optional)"), appearance="multiline"
            ),
        ),
        part="monitor1",
    ),
    *group(
        "part2",
        ("조사원 2 덧붙임", "Remark of monitor 2"),
        (
            question(
                "text", "remark2", ("덧붙일 말(선택)", "Remark (optional)"), appearance="multiline"
            ),
        ),
        part="monitor2",
    ),
    *group(
        "together",
        ("공동 확인", "Joint confirmation"),
        (
            question(
                "select_one how",
                "how",
                ("적은 방법", "How it was written"),
                required=True,
                default="screen",
            ),
            question(
                "image",
                "signed_page",
                ("두 조사원이 서명한 종이", "The page both monitors signed"),
                required=True,
                required_message=("서명한 종이를 붙여 주세요", "Please attach the signed page"),
                relevant="${how}='paper'",
                parameters=SMALLER,
            ),
            note(
                "together_note",
                (
                    "두 조사원이 서명하면 완료됩니다. 서명한 뒤에 고치면 서명이 지워집니다.",
                    "Both monitors sign. A change after that voids the signatures.",
                ),
                "${how}='screen'",
            ),
        ),
    ),
)

BOOK: Final = Book(
    form_id="P11",
    title="현장모니터링 점검표",
    instance_name="concat('점검표 ', format-date(${visit_date}, '%Y. %n. %e.'), ' ', "
    "${round_no}, '차')",
    survey=(*HEAD, *AREAS, *CLOSING),
    choices=LISTS,
    pack=PACK,
    workflow=WORKFLOW,
    summary=SUMMARY,
    entities=(
        {
            "list_name": "improvement",
            "create_if": "${content}!=''",
            "label": "substr(${content}, 0, 60)",
        },
    ),
)

if __name__ == "__main__":
    write(BOOK)
