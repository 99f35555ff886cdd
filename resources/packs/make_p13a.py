"""Writes P13a.xlsx, the satisfaction survey of people who work in a sheltered workshop.

    python resources/packs/make_p13a.py

Easy sentences, one a page on a large screen. The scale and the seven factors are those of the
published table (예산, 근로장애인); the sentences are ours.
"""

from __future__ import annotations

from typing import Final

from making import Book, Row, Text, calculate, choices, group, note, question, step, write

SCALE: Final = (
    ("1", "전혀 그렇지 않다", "Not at all"),
    ("2", "그렇지 않은 편이다", "Rather not"),
    ("3", "반반이다", "Half and half"),
    ("4", "그런 편이다", "Rather so"),
    ("5", "정말 그렇다", "Very much so"),
)
SILENT: Final = ("9", "무응답", "No answer")
LISTS: Final = {
    "agree": choices(*SCALE, SILENT),
    "agree_part": choices(*SCALE, ("0", "참여하지 않음", "Did not take part"), SILENT),
    "mode": choices(
        ("self", "본인이 작성", "By the person"),
        ("helped", "도움받아 작성", "With help"),
        ("interview", "면접", "Interview"),
        ("paper", "종이 입력", "Keyed from paper"),
    ),
    "helper": choices(
        ("family", "가족", "Family"),
        ("staff_other", "다른 직원", "Other staff"),
        ("volunteer", "자원봉사자", "Volunteer"),
    ),
}

#: Factor → its sentences.
FACTORS: Final[tuple[tuple[str, Text, tuple[Text, ...]], ...]] = (
    (
        "content",
        ("서비스내용", "What is offered"),
        (
            ("내가 하는 일이 나에게 맞는다", "My work suits me"),
            ("일하는 데 필요한 것을 배운다", "I learn what I need for my work"),
            ("작업장이 필요한 도움을 준다", "The workshop gives the help I need"),
        ),
    ),
    (
        "process",
        ("서비스과정", "How it is done"),
        (
            ("직원이 내 말을 잘 들어 준다", "The staff listen to me"),
            ("일하는 방법을 알기 쉽게 알려 준다", "They explain the work so that I understand"),
            ("정할 때 내 생각을 물어본다", "They ask me when something is decided"),
        ),
    ),
    (
        "place",
        ("서비스환경", "The place"),
        (
            ("일하는 곳이 안전하다", "The place of work is safe"),
            ("일하는 곳이 깨끗하다", "The place of work is clean"),
            ("쉬는 곳과 화장실을 쓰기 편하다", "The rest room and toilet are easy to use"),
        ),
    ),
    (
        "social",
        ("사회적품질", "Together with others"),
        (
            ("직원이 나를 존중한다", "The staff respect me"),
            ("함께 일하는 사람과 잘 지낸다", "I get on with those I work with"),
            ("내 이야기를 남에게 함부로 말하지 않는다", "They do not tell others about me"),
        ),
    ),
    (
        "overall",
        ("전반적만족도", "On the whole"),
        (("이 작업장에 다니는 것이 만족스럽다", "I am content to work here"),),
    ),
    (
        "outcome",
        ("개인의성과", "What it did for me"),
        (
            ("할 수 있는 일이 늘었다", "I can do more things"),
            ("자신감이 생겼다", "I trust myself more"),
            ("사람들과 어울리는 일이 늘었다", "I am more among people"),
            ("급여가 생활에 도움이 된다", "My pay helps me to live"),
        ),
    ),
)
#: One question each; a site changes the names in its own copy of the workbook.
PROGRAMMES: Final[tuple[Text, ...]] = (
    ("응급상황 대비 훈련", "Emergency drill"),
    ("직업교육", "Job training"),
    ("건강체조", "Exercise"),
    ("개별상담", "Personal talks"),
    ("자치회의", "Members' meeting"),
    ("문화체험", "Cultural outing"),
    ("생일잔치", "Birthday party"),
    ("여가활동", "Leisure"),
    ("인권교육", "Rights education"),
    ("금전관리 교육", "Handling money"),
    ("지역사회 나들이", "Trip in the neighbourhood"),
)
NO_NAMES: Final = ("사람 이름과 전화번호는 적지 마세요", "Do not write names or telephone numbers")


def asked(name: str, sentence: Text, scale: str = "agree") -> Row:
    """One sentence to agree with."""
    return question(
        f"select_one {scale}",
        name,
        sentence,
        required=True,
        required_message=("하나를 골라 주세요", "Please choose one"),
    )


def names(factor: str, sentences: tuple[Text, ...]) -> tuple[str, ...]:
    """`content1 content2 content3`."""
    return tuple(f"{factor}{number}" for number in range(1, len(sentences) + 1))


def opinion(name: str, label: Text) -> Row:
    """A text in the respondent's own words."""
    return question("text", name, label, hint=NO_NAMES, appearance="multiline")


HEAD: Final = (
    question("today", "today"),
    note(
        "notice",
        (
            "이름을 적지 않습니다. 답은 통계로만 씁니다(비밀 보장). 대답하지 않아도 됩니다.",
            "No names are taken. Answers are used as statistics only. You need not answer.",
        ),
    ),
    question(
        "text",
        "batch",
        ("설문 묶음", "Batch"),
        required=True,
        required_message=("설문 묶음 이름을 적어 주세요", "Please write the name of the batch"),
    ),
    question(
        "integer",
        "serial",
        ("일련번호", "Serial number"),
        required=True,
        constraint=". >= 1",
        constraint_message=(
            "1보다 작은 번호는 쓸 수 없습니다",
            "The number cannot be smaller than 1",
        ),
    ),
    question("select_one mode", "mode", ("작성 방법", "How it was filled"), required=True),
    question(
        "select_one helper",
        "helper",
        ("도운 사람", "Who helped"),
        required=True,
        relevant="${mode}='helped'",
    ),
    note(
        "helper_note",
        ("해당 서비스 담당자는 돕지 않습니다.", "Staff who gave the service do not help."),
        "${mode}='helped'",
    ),
)

ITEMS: Final = (
    *(name for factor, _, sentences in FACTORS for name in names(factor, sentences)),
    *names("programme", PROGRAMMES),
)

SURVEY: Final = (
    *HEAD,
    *(
        row
        for factor, label, sentences in FACTORS
        for row in group(
            factor,
            label,
            (
                asked(name, sentence)
                for name, sentence in zip(names(factor, sentences), sentences, strict=True)
            ),
            appearance="field-list",
        )
    ),
    *group(
        "programme",
        ("프로그램", "Activities"),
        (
            asked(
                name,
                (f"'{label[0]}'에 만족한다", f"I was content with '{label[1]}'"),
                "agree_part",
            )
            for name, label in zip(names("programme", PROGRAMMES), PROGRAMMES, strict=True)
        ),
        appearance="field-list",
    ),
    calculate(
        "answered",
        " + ".join(f"if(${{{item}}}>=1 and ${{{item}}}<=5, 1, 0)" for item in ITEMS),
    ),
    *group(
        "words",
        ("하고 싶은 말", "In your own words"),
        (
            opinion("good", ("좋았던 점", "What was good")),
            opinion("wish", ("바라는 점", "What you wish for")),
        ),
    ),
)

ROWS: Final = " · ".join(
    (
        *(
            f"{label[0]}: {' '.join(names(factor, sentences))}"
            for factor, label, sentences in FACTORS
        ),
        f"프로그램: {' '.join(names('programme', PROGRAMMES))}",
    )
)

BOOK: Final = Book(
    form_id="P13a",
    title="보호작업장 이용만족도",
    instance_name="concat('설문 ', ${serial})",
    survey=SURVEY,
    choices=LISTS,
    pack=(
        ("id", "P13a", ""),
        ("family", "P13", ""),
        ("title", "보호작업장 이용만족도", ""),
        ("kind", "survey", ""),
        ("subject", "", "무기명: 대상자와 잇지 않습니다"),
        ("sensitivity", "normal", ""),
        ("fill", "secretariat, dong_welfare, monitor", "담당 직원의 로그인으로는 적지 않습니다"),
        ("confirm", "", ""),
        ("read", "secretariat, team_lead, dept_officer", ""),
        ("retention", "3년", ""),
        ("legal_basis", "개인정보를 수집하지 않음", ""),
        ("source", "004 예산 보호작업장(평가요소 7, 척도); 문장·프로그램 이름 (added)", ""),
        ("year", "2026", ""),
        ("licence", "자체 작성", ""),
    ),
    workflow=(
        step(
            "",
            "완료",
            "마치기",
            "secretariat, dong_welfare, monitor",
            guard=("${answered} > 0", "답한 문항이 하나도 없습니다"),
        ),
    ),
    summary=(
        {
            "id": "factors",
            "caption": "평가요소별 응답 분포 (단위: %, 명)",
            "row_head": "평가요소",
            "rows": ROWS,
            "columns": "1 · 2 · 3 · 4 · 5",
            "measure": "likert",
            "missing": "0 9",
            "period": "month by today",
            "total_method": "none",
            "decimals": "0",
            "rounding": "half_up",
            "empty": "0",
            "footnote": "무응답과 참여하지 않음은 뺌. 반올림하여 합이 100이 아닐 수 있음",
        },
        {
            "id": "returned",
            "caption": "회수율 (단위: 부)",
            "row_head": "설문",
            "rows": "all 보호작업장 이용만족도",
            "columns": (
                "배부 = target(P13a_handed_out)\n회수 = count()\n회수율% = rate(회수, 배부)"
            ),
            "measure": "table",
            "period": "month by today",
            "total_method": "none",
            "decimals": "1",
            "rounding": "half_up",
            "empty": "-",
            "footnote": "회수율 = 회수 ÷ 배부. 배부는 사무국이 적은 수",
        },
        {
            "id": "modes",
            "caption": "작성 방법별 부수 (단위: 부)",
            "row_head": "작성 방법",
            # One row, so that the month stands on one page with its 결재란.
            "rows": "all 부수",
            "across": "mode",
            "columns": "부수 = count()",
            "measure": "table",
            "period": "month by today",
            "total_method": "none",
            "decimals": "0",
            "rounding": "half_up",
            "empty": "0",
        },
    ),
)

if __name__ == "__main__":
    write(BOOK)
