"""Choices and properties of households that several workbooks share (catalog A1, corrections §3).

A household keeps: tong, address, phone, phone_time, emergency, birth, sex, hh_size, hh_type,
traits, grade, grade_since, grade_proposed, grade_wanted, grade_reason, safety, services, route,
found_on, worker; consent_collect, consent_sensitive, consent_photo, consent_until; and what the
last contact left: last_contact, last_method, last_result, last_confirmed, last_note,
fails_in_a_row, paused, next_date, next_method, promises.
"""

from __future__ import annotations

from typing import Final

from making import CHOOSE, Row, Text, choice, choices, question

UNKNOWN: Final = ("unk", "확인 못 함", "Could not find out")

FACTS: Final = ("보고 들은 사실만 적어 주세요", "Write only what you saw and heard")

GRADES: Final = choices(
    ("risk", "위험", "At risk"),
    ("caution", "주의", "Caution"),
    ("watch", "관심", "Watch"),
    ("closed", "종결가구(사후관리)", "Closed (aftercare)"),
)
TRAITS: Final = choices(
    ("elder_alone", "독거노인", "Elder living alone"),
    ("severe", "중증질환", "Severe illness"),
    ("disabled", "심한장애", "Severe disability"),
    ("case_mgmt", "사례관리대상자", "Under case management"),
    ("blindspot", "복지사각지대", "Out of reach of services"),
    ("elder_couple", "노인부부", "Elderly couple"),
    ("emergency", "긴급지원", "Emergency support"),
    ("low_income_aid", "저소득생활안정지원", "Low-income aid"),
    ("linked", "서비스연계", "Linked to services"),
    ("no_work", "근로무능력가구", "Unable to work"),
    ("basic", "기초생활보장수급자", "Basic livelihood recipient"),
    ("near", "차상위", "Near poor"),
    ("single_parent", "한부모", "Single parent"),
    ("aftercare", "사례관리 사후관리대상", "Case management aftercare"),
    ("none", "해당 없음", "None of these"),
    UNKNOWN,
)
SEX: Final = choices(("f", "여", "Female"), ("m", "남", "Male"))
METHODS: Final = choices(
    ("visit", "방문", "Visit"),
    ("phone", "전화", "Telephone"),
    ("center", "내방", "At the office"),
    ("video", "영상통화", "Video call"),
)


def result(name: str, korean: str, english: str, methods: str) -> Row:
    """A result of a contact and the methods by which it can come about."""
    return choice(name, korean, english, methods=methods)


#: corrections.md §3 P01 `result`; a text message is a step of P03 and never a contact.
RESULTS: Final = (
    result("self", "본인 확인", "Met in person", "visit phone center video"),
    result("indirect", "다른 사람을 통해 확인", "Confirmed by another", "visit phone video"),
    result("absent", "부재", "Nobody home", "visit"),
    result("no_answer", "전화 안 받음", "No answer", "phone video"),
    result("wrong_no", "결번·번호 바뀜", "Wrong number", "phone video"),
    result("refused", "만났으나 면담 거부", "Met but refused", "visit phone center video"),
    result("hospital", "입원", "In hospital", "visit phone"),
    result("facility", "시설 입소", "In a care home", "visit phone"),
    result("moved", "이사·전출", "Moved away", "visit phone"),
    result("gone", "살지 않음(행방 모름)", "Gone, whereabouts unknown", "visit"),
    result("dead", "사망", "Died", "visit phone"),
)
FAILED: Final = ("absent", "no_answer", "wrong_no", "gone")
PAUSING: Final = ("hospital", "facility", "moved", "dead")

#: Appendix A with the blank guard of corrections.md §1.5 and §3: nothing known, nothing proposed.
_RISK: Final = (
    "(${hh_size}=1 and (selected(${traits},'elder_alone') or selected(${traits},'severe') or "
    "selected(${traits},'disabled') or selected(${traits},'case_mgmt') or "
    "selected(${traits},'blindspot'))) or (${hh_size}=2 and "
    "(selected(${traits},'elder_couple') or selected(${traits},'severe') or "
    "selected(${traits},'disabled')))"
)
_CAUTION: Final = (
    "selected(${traits},'emergency') or selected(${traits},'low_income_aid') or "
    "(${hh_size}>=2 and (selected(${traits},'case_mgmt') or selected(${traits},'linked') or "
    "selected(${traits},'no_work')))"
)
_WATCH: Final = (
    "selected(${traits},'basic') or selected(${traits},'near') or "
    "selected(${traits},'single_parent')"
)
GRADE_PROPOSED: Final = (
    "if(${hh_size}='' or ${traits}='' or selected(${traits},'unk'), '', "
    f"if({_RISK}, 'risk', if({_CAUTION}, 'caution', if({_WATCH}, 'watch', "
    "if(selected(${traits},'aftercare') or selected(${traits},'linked'), 'closed', '')))))"
)


def any_of(name: str, values: tuple[str, ...]) -> str:
    """True when the answer is one of the values."""
    return " or ".join(f"${{{name}}}='{value}'" for value in values)


def alone(name: str) -> str:
    """The constraint of a list in which 없음 and 확인 못 함 stand alone."""
    unknown = " or selected(., 'unk')" if name == "unk" else ""
    return f"not((selected(., 'none'){unknown}) and count-selected(.) > 1)"


def several(
    kind: str,
    name: str,
    label: Text,
    *,
    required: bool | str = True,
    unknown: bool = True,
    none: Text = ("없음", "None"),
    relevant: str = "",
    default: str = "",
    save_to: str = "",
) -> Row:
    """A list of several answers in which `none` and 확인 못 함 stand alone."""
    or_unknown = (" 또는 '확인 못 함'", " and 'could not find out'") if unknown else ("", "")
    korean = f"'{none[0]}'{or_unknown[0]}: 다른 답과 함께 고를 수 없습니다."
    english = f"'{none[1]}'{or_unknown[1]}: not together with other answers."
    return question(
        f"select_multiple {kind}",
        name,
        label,
        required=required,
        required_message=CHOOSE,
        constraint=alone("unk" if unknown else "none"),
        constraint_message=(korean, english),
        relevant=relevant,
        default=default,
        save_to=save_to,
    )
