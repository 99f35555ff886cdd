"""Writes P13e.xlsx, the workbook of the satisfaction survey of the housekeeping service.

Not needed at run time: the workbook itself is what the app reads. Run it after a change here:
    python resources/packs/make_p13e.py
"""

from __future__ import annotations

from making import Book, Row, choices, question, step, write

AGREE = (
    ("1", "전혀 그렇지 않다", "Strongly disagree"),
    ("2", "그렇지 않다", "Disagree"),
    ("3", "보통이다", "Neither"),
    ("4", "그렇다", "Agree"),
    ("5", "매우 그렇다", "Strongly agree"),
    ("9", "무응답", "No answer"),
)
LISTS = {
    "agree": choices(*AGREE),
    "agree_said": choices(*AGREE, ("0", "말한 적 없음", "Never complained")),
    "yn": choices(("1", "예", "Yes"), ("2", "아니오", "No"), ("9", "무응답", "No answer")),
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

ITEMS = tuple(f"q{number}" for number in range(1, 8))
VALID = " + ".join(f"if(${{{item}}}>=1 and ${{{item}}}<=5,1,0)" for item in ITEMS)
TOTAL = " + ".join(f"if(${{{item}}}>=1 and ${{{item}}}<=5,${{{item}}},0)" for item in ITEMS)
NO_NAMES = ("사람 이름과 전화번호는 적지 마세요", "Do not write names or telephone numbers")


def item(name: str, korean: str, english: str, choices: str = "agree") -> Row:
    """One of the seven items."""
    return question(f"select_one {choices}", name, (korean, english), required=True)


def opinion(name: str, korean: str, english: str, relevant: str = "") -> Row:
    """A text in the respondent's own words."""
    return question(
        "text", name, (korean, english), hint=NO_NAMES, relevant=relevant, appearance="multiline"
    )


SURVEY = (
    question("today", "today"),
    question(
        "note",
        "notice",
        (
            "이름을 적지 않으며, 답은 통계로만 씁니다(비밀 보장).",
            "No names are taken; answers are used as statistics only.",
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
    question(
        "note",
        "helper_note",
        (
            "해당 서비스를 제공한 직원은 돕지 않습니다.",
            "Staff who gave the service do not help.",
        ),
        relevant="${mode}='helped'",
    ),
    question(
        "begin_group",
        "items",
        ("서비스는 어떠셨습니까?", "How was the service?"),
        appearance="field-list",
    ),
    item("q1", "약속한 시간에 오고 마쳤다", "Came and finished on time"),
    item("q2", "부탁한 곳이 깨끗해졌다", "The places I asked for became clean"),
    item("q3", "존중하는 태도였다", "Treated me with respect"),
    item("q4", "물건과 사생활을 조심히 다루었다", "Was careful with my things and privacy"),
    item(
        "q5",
        "할 수 있는 일과 없는 일을 미리 알려 주었다",
        "Told me beforehand what is and is not done",
    ),
    item("q6", "불편을 말하면 고쳐 주었다", "Put right what I complained of", "agree_said"),
    item("q7", "전반적으로 만족한다", "Satisfied on the whole"),
    question("end_group"),
    question("calculate", "answered", calculation=f"({VALID})"),
    question(
        "calculate",
        "mean5",
        calculation=f"if(${{answered}}=0, '', round(({TOTAL}) div ${{answered}}, 2))",
    ),
    question("select_one yn", "again", ("다시 이용하겠다", "Would use it again"), required=True),
    question(
        "select_one yn",
        "damage",
        ("물건 파손이나 추가 요금 요구가 있었다", "Damage or extra charges"),
        required=True,
    ),
    opinion("damage_note", "어떤 일이었습니까", "What happened", "${damage}='1'"),
    opinion("good", "좋았던 점", "What was good"),
    opinion("wish", "바라는 점", "What you wish for"),
)

PACK = (
    ("id", "P13e", ""),
    ("family", "P13", ""),
    ("title", "가사서비스 이용만족도", ""),
    ("kind", "survey", ""),
    ("subject", "", "무기명: 대상자와 잇지 않습니다"),
    ("sensitivity", "normal", ""),
    ("fill", "secretariat, dong_welfare", "서비스를 제공한 직원의 로그인으로는 적지 않습니다"),
    ("confirm", "", ""),
    ("read", "secretariat, team_lead, dept_officer", ""),
    ("retention", "3년", ""),
    ("legal_basis", "개인정보를 수집하지 않음", ""),
    ("source", "003_cc3492fcd1521e19.txt Ⅴ 가족-2; 문항 (added)", ""),
    ("year", "2026", ""),
    ("licence", "자체 작성", ""),
)

WORKFLOW = (
    step(
        "", "완료", "마치기", "secretariat, dong_welfare",
        guard=("${answered} > 0", "답한 문항이 하나도 없습니다"),
    ),
)  # fmt: skip

FOOTNOTE = "무응답과 '말한 적 없음'은 뺌"


def table(section: str, caption: str, **cells: str) -> Row:
    """A section of the summary sheet with what all three have alike."""
    alike = {
        "missing": "0 9", "period": "month by today", "total_method": "none",
        "rounding": "half_up", "empty": "0", "footnote": FOOTNOTE,
    }  # fmt: skip
    return {"id": section, "caption": caption} | alike | cells


SUMMARY = (
    table(
        "dist",
        "평가요소별 응답 분포 (단위: %, 명)",
        row_head="평가요소",
        rows="시간준수: q1 · 청소상태: q2 · 태도: q3 q4 · 안내·조치: q5 q6 · 전반적 만족도: q7",
        columns="1 · 2 · 3 · 4 · 5 · 응답수 · 평균",
        measure="likert",
        decimals="1 (평균 2)",
    ),
    table(
        "again",
        "재이용 의향",
        rows="전체",
        columns="예 · 아니오 · 예(%)",
        measure="rate(예, 예+아니오)",
        decimals="1",
    ),
    table(
        "mode",
        "작성 방법별 부수",
        row_head="작성 방법",
        rows="mode",
        columns="부수",
        measure="count",
        decimals="0",
    ),
)

BOOK = Book(
    form_id="P13e",
    title="가사서비스 이용만족도",
    instance_name="concat('설문 ', ${serial})",
    survey=SURVEY,
    choices=LISTS,
    pack=PACK,
    workflow=WORKFLOW,
    summary=SUMMARY,
    says_what_is_needed=False,
)

if __name__ == "__main__":
    write(BOOK)
