"""Writes household.xlsx, by which a family is registered: the household and who else lives there.

    python resources/packs/make_household.py

What changes later is written by amending this record: the household then takes the new values.
"""

from __future__ import annotations

from typing import Final, Unpack

from household_lists import GRADE_PROPOSED, GRADES, SEX, TRAITS, several
from making import (
    CHOOSE,
    Book,
    Cells,
    Row,
    Text,
    calculate,
    choices,
    group,
    metadata,
    note,
    question,
    repeat,
    step,
    write,
)

LISTS: Final = {
    "sex": SEX,
    "birth_kind": choices(
        ("solar", "양력", "Solar calendar"),
        ("lunar", "음력", "Lunar calendar"),
        ("year", "연도만 앎", "Only the year is known"),
        ("guess", "추정", "Estimated"),
    ),
    "hh_type": choices(
        ("alone", "1인", "One person"),
        ("couple", "부부", "Couple"),
        ("elder_couple", "노인부부", "Elderly couple"),
        ("single_parent", "한부모", "Single parent"),
        ("grandparent", "조손", "Grandparent and grandchild"),
        ("parents", "부모+자녀", "Parents and children"),
        ("three", "3세대", "Three generations"),
        ("unrelated", "비혈연", "Not related"),
        ("etc", "기타", "Other"),
        ("unk", "모름", "Not known"),
    ),
    "traits": TRAITS,
    "route": choices(
        ("system", "복지사각지대 시스템(행복이음)", "National risk list"),
        ("premium", "건강보험료 체납", "Health insurance arrears"),
        ("rent", "임차료 장기체납", "Rent arrears"),
        ("report", "주민 신고", "Reported by a resident"),
        ("claim", "수급 신청조사", "Application for benefits"),
        ("visit", "본인 내방", "Came in person"),
        ("meter", "검침원 제보", "Meter reader"),
        ("honorary", "명예사회복지공무원 제보", "Honorary welfare officer"),
        ("discharge", "퇴원 의뢰", "Discharged from hospital"),
        ("etc", "기타", "Other"),
        ("unk", "모름", "Not known"),
    ),
    "grade": GRADES,
    "relation": choices(
        ("spouse", "배우자", "Spouse"),
        ("child", "자녀", "Child"),
        ("parent", "부모", "Parent"),
        ("sibling", "형제자매", "Sibling"),
        ("grandchild", "손", "Grandchild"),
        ("grandparent", "조부모", "Grandparent"),
        ("in_law", "사위·며느리", "Son- or daughter-in-law"),
        ("relative", "친인척", "Relative"),
        ("cohabitant", "동거인", "Cohabitant"),
        ("etc", "기타", "Other"),
    ),
    "status": choices(
        ("here", "함께 삶", "Lives here"),
        ("away", "떨어져 삶", "Lives elsewhere"),
        ("moved", "전출", "Moved away"),
        ("dead", "사망", "Died"),
    ),
    "care_needed": choices(
        ("yes", "예", "Yes"), ("no", "아니오", "No"), ("unk", "모름", "Not known")
    ),
}

NO_NUMBERS: Final = ("주민등록번호는 적지 않습니다", "No resident registration numbers")
PAST: Final = (". <= today()", ("아직 오지 않은 날입니다", "This day has not come yet"))


def kept(kind: str, name: str, label: Text, **cells: Unpack[Cells]) -> Row:
    """A question whose answer the household keeps under the same name."""
    return question(kind, name, label, **cells) | {"save_to": f"household#{name}"}


def birth(name: str, prefix: str) -> Row:
    """A date of birth."""
    return question(
        "date", name, ("생년월일", "Date of birth"), hint=NO_NUMBERS, constraint=PAST[0],
        constraint_message=PAST[1], save_to=f"{prefix}#birth",
    )  # fmt: skip


WHO: Final = (
    *metadata("start", "end", "today", "deviceid", "username"),
    # The household that this record makes is also whom it is about.
    calculate("household", "string(/data/meta/entity/@id)"),
    *group(
        "who",
        ("대상자", "Person in charge"),
        (
            question("text", "name", ("이름", "Name"), required=True,
                     required_message=("이름을 적어 주세요", "Please write the name")),
            birth("birth", "household"),
            kept("select_one birth_kind", "birth_kind", ("생년월일 종류", "Kind of date"),
                 relevant="${birth}!=''", default="solar"),
            kept("select_one sex", "sex", ("성별", "Sex")),
        ),
    ),
    *group(
        "where",
        ("사는 곳과 연락처", "Where and how to reach"),
        (
            question("text", "tong", ("통", "Neighbourhood"),
                     hint=("예: 3통", "For example 3통"), required=True,
                     required_message=("통을 적어 주세요", "Please write the neighbourhood"),
                     save_to="household#tong"),
            question("text", "address", ("주소", "Address"),
                     hint=("도로명 주소와 찾아가는 길. 현관 비밀번호는 적지 않습니다",
                           "Street address and the way there, never a door code"),
                     required=True,
                     required_message=("주소를 적어 주세요", "Please write the address"),
                     save_to="household#address"),
            kept("text", "phone", ("전화", "Telephone"), appearance="numbers",
                 constraint="regex(., '[0-9-]{7,15}')",
                 constraint_message=("숫자와 -로 적어 주세요", "Digits and - only")),
            kept("text", "phone_time", ("통화 가능 시간", "When to call"),
                 hint=("예: 오전", "For example mornings")),
            kept("text", "emergency", ("비상연락", "In an emergency"),
                 hint=("관계와 전화, 연락해도 되는지", "Relation, number, may they be called")),
        ),
    ),
)  # fmt: skip

FAMILY: Final = (
    *group(
        "family",
        ("가구", "Household"),
        (
            question("integer", "hh_size", ("가구원 수", "Members"), required=True,
                     required_message=("본인을 넣어 세어 주세요", "Count the person too"),
                     constraint=". >= 1 and . <= 15",
                     constraint_message=("1에서 15까지 적어 주세요", "Write 1 to 15"),
                     save_to="household#hh_size"),
            kept("select_one hh_type", "hh_type", ("가구유형", "Type of household")),
            several("traits", "traits", ("가구 특성", "Traits"), none=("해당 없음", "None"),
                    save_to="household#traits"),
            kept("select_one route", "route", ("발굴 경로", "How it was found")),
            question("date", "found_on", ("등록일", "Registered on"), required=True,
                     default="today()", constraint=PAST[0], constraint_message=PAST[1],
                     save_to="household#found_on"),
            kept("text", "services", ("이용 중인 서비스", "Services in use"),
                 hint=("예: 맞춤돌봄(화, 금)", "For example home care (Tue, Fri)")),
            kept("text", "safety", ("안전 사실", "Safety facts"), appearance="multiline",
                 hint=("본 사실과 날짜, 적은 사람. 예: 큰 개 있음 (2026. 9. 3. 이담당)",
                       "What was seen, when, by whom")),
        ),
    ),
    *repeat(
        "persons",
        ("함께 사는 사람", "Others in the household"),
        (
            question("text", "person_name", ("이름", "Name")),
            question("select_one relation", "relation", ("대상자와의 관계", "Relation"),
                     required="${person_name}!=''", required_message=CHOOSE,
                     constraint="${person_name}!=''",
                     constraint_message=("이름을 적어 주세요", "Please write the name"),
                     save_to="person#relation"),
            birth("person_birth", "person"),
            question("select_one birth_kind", "person_birth_kind",
                     ("생년월일 종류", "Kind of date"), relevant="${person_birth}!=''",
                     save_to="person#birth_kind"),
            question("select_one sex", "person_sex", ("성별", "Sex"), save_to="person#sex"),
            question("text", "person_phone", ("전화", "Telephone"), appearance="numbers",
                     save_to="person#phone"),
            question("text", "person_phone_time", ("통화 가능 시간", "When to call"),
                     save_to="person#phone_time"),
            question("select_one status", "status", ("지금", "Now"), save_to="person#status"),
            question("select_one care_needed", "care_needed", ("돌봄이 필요함", "Needs care"),
                     save_to="person#care_needed"),
            calculate("person_household", "if(${person_name}='', '', ${household})",
                      save_to="person#household"),
        ),
    ),
    note(
        "size_note",
        (
            "가구원 수와 적은 사람 수가 다릅니다. 맞는지 살펴보세요.",
            "The number of members differs from the persons listed.",
        ),
        "${hh_size}!='' and count(${person_name}[. != '']) > 0 and "
        "count(${person_name}[. != '']) + 1 != ${hh_size}",
    ),
)  # fmt: skip

CYCLE: Final = group(
    "cycle",
    ("상담주기", "Contact cycle"),
    (
        calculate("grade_proposed", GRADE_PROPOSED, save_to="household#grade_proposed"),
        note(
            "proposed_note",
            (
                "제안: ${proposed_words}",
                "Proposed: ${proposed_words}",
            ),
            "${grade_proposed}!=''",
        ),
        note(
            "none_proposed_note",
            (
                "제안 없음: 가구원수·특성을 먼저 확인",
                "No proposal: find out the size and traits of the household first",
            ),
            "${grade_proposed}=''",
        ),
        calculate(
            "proposed_words",
            "instance('grade')/root/item[name=${grade_proposed}]/words",
        ),
        question("select_one grade", "grade", ("상담주기 등급", "Grade of the cycle"),
                 hint=("아직 모르면 비워 두세요(미정)", "Leave empty if it is not known yet"),
                 calculation=GRADE_PROPOSED, trigger="${traits}, ${hh_size}",
                 save_to="household#grade"),
        question("text", "grade_reason", ("제안과 다르게 정한 까닭", "Why not as proposed"),
                 required=True,
                 required_message=("까닭을 적어 주세요", "Please write why"),
                 relevant="${grade}!='' and ${grade_proposed}!='' and "
                 "${grade}!=${grade_proposed}",
                 save_to="household#grade_reason"),
        calculate("grade_since", "if(${grade}='', '', ${found_on})",
                  save_to="household#grade_since"),
        calculate("worker", "once(${username})", save_to="household#worker"),
    ),
)  # fmt: skip

PACK: Final = (
    ("id", "household", ""),
    ("family", "P01", ""),
    ("title", "가구 등록", ""),
    ("kind", "case", ""),
    ("subject", "household", "이 기록이 만드는 가구"),
    ("sensitivity", "normal", ""),
    ("fill", "dong_welfare, dong_nurse, case_manager", ""),
    ("confirm", "team_lead", ""),
    ("read", "dong_welfare, dong_nurse, case_manager, team_lead, gu_hope", ""),
    ("follows", "yes", "전입지에서 읽을 수 있습니다"),
    ("retention", "5년", ""),
    ("legal_basis", "사회보장급여법 제9조의2(위기가구의 발굴)", "조문은 발행 전에 확인"),
    ("source", "004 수영 PART Ⅲ-2 5(가구특성·등급); 004 연제(발굴 경로); 나머지 (added)", ""),
    ("year", "2026", ""),
    ("licence", "자체 작성", ""),
)
WORKERS: Final = "dong_welfare, dong_nurse, case_manager"

BOOK: Final = Book(
    form_id="household",
    title="가구 등록",
    instance_name="concat('가구 등록 ', ${tong})",
    survey=(*WHO, *FAMILY, *CYCLE),
    choices=LISTS | {"grade": tuple(row | {"words": row["label::한국어 (ko)"]} for row in GRADES)},
    pack=PACK,
    workflow=(
        step("", "완료", "등록", WORKERS, effect="entities"),
        step("완료", "확인", "확인", "team_lead", needs_seen=True),
        step("완료", "보완 요청", "보완 요청", "team_lead", reason=True),
        step("보완 요청", "완료", "다시 등록", WORKERS, effect="entities"),
    ),
    entities=(
        {"list_name": "household", "label": "${name}"},
        {"list_name": "person", "create_if": "${person_name}!=''", "label": "${person_name}"},
    ),
)

if __name__ == "__main__":
    write(BOOK)
