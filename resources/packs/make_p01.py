"""Writes P01.xlsx, the log of home visits and calls: the method decides what is asked.

    python resources/packs/make_p01.py

Everything that is known stands there already: a routine visit with nothing changed is answered by
the result, six areas as last time, the home, and what was said and done. Grade, safety and other
names are never shown here: the person visited may read along.
"""

from __future__ import annotations

from typing import Final

from household_lists import (
    FACTS,
    GRADE_PROPOSED,
    any_of,
    several,
)
from making import (
    SMALLER,
    Book,
    Row,
    calculate,
    group,
    metadata,
    note,
    question,
    repeat,
    write,
)
from p01_lists import LISTS
from p01_plans import COPY, PACK, SCHEDULE, SUMMARY, WORKFLOW
from p01_promises import PROMISES, STILL_PROMISED
from p01_rows import MET, NOT_MET, PAUSES, SPOKEN, asked, known, words

HEAD: Final = (
    *metadata("start", "end", "today", "deviceid", "username"),
    calculate("worker_id", "once(${username})"),
    question(
        "select_one_from_file household.csv",
        "household",
        ("대상", "Household"),
        required=True,
        required_message=("대상을 골라 주세요", "Please choose the household"),
    ),
    calculate(
        "others",
        "count(instance('person')/root/item[household=${household}])",
        trigger="${household}",
    ),
    known("grade_now", "grade"),
    known("hh_size", "hh_size"),
    known("traits", "traits"),
    known("fails_in_a_row", "fails_in_a_row"),
    known("safety_now", "safety"),
    known("photo_consent", "consent_photo"),
    known("last_contact_now", "last_contact"),
    known("promises_now", "promises"),
    calculate("grade_proposed", GRADE_PROPOSED, save_to="grade_proposed"),
)

#: Outside groups: the app answers `household`, `method` and `result` by these very names.
MEETING: Final = (
    asked("select_one kind", "kind", ("까닭", "Why"), default="routine"),
    asked("select_one method", "method", ("방법", "How"), default="visit", merge_group="how"),
    question("date", "visit_date", ("날짜", "Date"), required=True, default="today()",
             constraint=". <= today()",
             constraint_message=("아직 오지 않은 날입니다", "This day has not come yet")),
    question("time", "start_time", ("시작", "Started at"), required=True,
             default="format-date-time(now(), '%H:%M:00.000+09:00')"),
    several("companion", "companion", ("함께 간 사람", "Accompanied by"), unknown=False,
            none=("혼자", "Alone"),
            relevant="${method}='visit'", default="none"),
    question(
        "text",
        "alone_reason",
        ("혼자 간 까닭", "Why alone"),
        hint=FACTS,
        required=True,
        required_message=("까닭을 적어 주세요", "Please write why"),
        relevant="${safety_now}!='' and ${method}='visit' and selected(${companion},'none')",
    ),
    asked(
        "select_one result",
        "result",
        ("결과", "Result"),
        choice_filter="selected(methods, ${method})",
        merge_group="how",
    ),
    question(
        "select_one_from_file person.csv",
        "subject_person",
        ("만난 세대원", "Member of the household met"),
        hint=("대상자 본인이면 비워 두세요", "Leave empty if it was the person in charge"),
        relevant="${others} > 0 and (${result}='self' or ${result}='refused')",
        choice_filter="household=${household}",
    ),
    asked(
        "select_one indirect_who",
        "indirect_who",
        ("확인해 준 사람", "Who confirmed"),
        "${result}='indirect'",
    ),
    question(
        "date",
        "last_seen",
        ("마지막으로 본 날", "Last seen on"),
        required=True,
        relevant="${result}='indirect'",
        constraint=". <= today()",
        constraint_message=("아직 오지 않은 날입니다", "This day has not come yet"),
    ),
    several("absent_sign", "absent_sign", ("문 앞에서 본 것", "Seen at the door"),
            relevant="${result}='absent' or ${result}='gone'"),
    note(
        "pause_note",
        (
            "팀장에게 알리며, 정기 연락은 다시 확인될 때까지 쉽니다.",
            "The team leader is told; routine contacts rest until further notice.",
        ),
        PAUSES,
    ),
    calculate("confirmed", f"if({MET} or ${{result}}='refused', 'yes', "
              "if(${result}='indirect', 'indirect', if(${result}='', '', 'no')))"),
)  # fmt: skip

#: corrections.md §3 P01: a proposal, never forced.
ESCALATE: Final = (
    "if((${result}='absent' or ${result}='no_answer' or ${result}='wrong_no' or "
    "${result}='gone') and (${grade_now}='risk' or ${fails_in_a_row}>=2 or "
    "selected(${absent_sign},'mail') or selected(${absent_sign},'smell') or "
    "selected(${absent_sign},'light') or selected(${absent_sign},'sticker')),'open','revisit')"
)
ABSENCE: Final = group(
    "absence",
    ("만나지 못함", "Not met"),
    (
        calculate("escalate", ESCALATE),
        note(
            "escalate_note",
            (
                "대응을 시작하시기를 권합니다. 위험 신호가 있으면 기록보다 112·119가 먼저입니다.",
                "Starting the response is advised. In immediate danger, call 112 or 119 first.",
            ),
            "${escalate}='open'",
        ),
        asked("select_one noncontact", "noncontact", ("다음 할 일", "What next")),
        question(
            "date",
            "retry_on",
            ("다시 연락할 날", "Try again on"),
            required=True,
            relevant="${noncontact}='revisit'",
            default="format-date(date(decimal-date-time(today()) + 1), '%Y-%m-%d')",
            constraint=". >= ${visit_date}",
            constraint_message=("만나러 간 날보다 빠릅니다", "Before the day of this contact"),
        ),
        words(
            "revisit_reason",
            ("대응을 시작하지 않는 까닭", "Why the response is not started"),
            required="${escalate}='open'",
            relevant="${escalate}='open' and ${noncontact}='revisit'",
        ),
    ),
    relevant=NOT_MET,
)  # fmt: skip


def area(name: str, korean: str, english: str, scale: str = "level") -> tuple[Row, Row]:
    """One of the six areas, looked at with one's own eyes, and what was seen there."""
    return (
        asked(f"select_one {scale}", name, (korean, english), f"{MET} and ${{method}}!='phone'"),
        question(
            "text",
            f"{name}_note",
            ("메모", "Note"),
            hint=FACTS,
            required=f"${{{name}}}='act'",
            required_message=("무엇이 그런지 적어 주세요", "Please write what it is"),
        ),
    )


ACTS: Final = any_of("m_safety", ("act",)) + "".join(
    f" or ${{{name}}}='act'" for name in ("m_health", "m_care", "m_social")
)
CARED: Final = group(
    "cared",
    ("살핀 것", "What was seen"),
    (
        *area("m_safety", "안전·생활환경", "Safety and living"),
        *area("m_health", "신체·정신건강", "Body and mind"),
        *area("m_care", "돌봄체계", "Care"),
        *area("m_social", "사회적 관계", "Relations"),
        *area("m_service", "이용 서비스", "Services used", "service_level"),
        *area("m_link", "서비스 연계", "Services to come", "link_level"),
        asked("select_one voice", "voice", ("평소와 비교해", "Compared with before"),
              "${method}='phone'"),
        question("text", "voice_note", ("무엇이 다른지", "What is different"), hint=FACTS,
                 required=True,
                 required_message=("무엇이 다른지 적어 주세요", "Please write what is different"),
                 relevant="${voice}='diff'"),
        question("select_multiple changed", "changed", ("달라진 것", "What changed"),
                 relevant="${voice}='diff'"),
        calculate("needs_act", f"if({ACTS}, 'yes', 'no')"),
    ),
    appearance="field-list",
    relevant=MET,
)  # fmt: skip

HOME: Final = group(
    "home",
    ("집 안", "The home"),
    (
        asked("select_one inside_seen", "inside_seen", ("집 안 살핌", "The home was seen")),
        several("hazard", "hazard", ("집 안 위험", "Dangers in the home"),
                relevant="${inside_seen}='in' or ${inside_seen}='door'"),
    ),
    relevant="${method}='visit' and (${result}='self' or ${result}='refused')",
)  # fmt: skip

ITEMS: Final = repeat(
    "items",
    ("전달한 물품", "Goods handed over"),
    (
        question("text", "item", ("품목", "Goods"), required=True,
                 required_message=("품목을 적어 주세요", "Please write what it was")),
        question("integer", "qty", ("수량", "Quantity"), required=True, constraint=". >= 1",
                 constraint_message=("1 이상의 수를 적어 주세요", "Write 1 or more")),
        question("text", "unit", ("단위", "Unit"), hint=("예: 포, 상자, kg", "bag, box, kg")),
        question("text", "donor", ("후원처", "Given by")),
        asked("select_one received_by", "received_by", ("받은 사람", "Received by")),
        question("image", "sig", ("수령 서명", "Signature"), appearance="signature",
                 parameters=SMALLER,
                 relevant="${received_by}!='' and ${received_by}!='door'"),
        calculate("item_line", "if(${item}='', '', concat(${item}, ' ', ${qty}, ${unit}))"),
    ),
    relevant="selected(${did},'item')",
)  # fmt: skip

LINKS: Final = repeat(
    "links",
    ("연계", "Links"),
    (
        question("text", "to_org", ("보낸 곳", "To"), required=True,
                 required_message=("어디로 연계했는지 적어 주세요", "Please write where to")),
        asked("select_one service", "service", ("서비스", "Service")),
        asked("select_one link_state", "link_state", ("상태", "State")),
        calculate("link_line", "if(${to_org}='', '', "
                  "concat(${to_org}, ' ', jr:choice-name(${service}, '${service}')))"),
    ),
    relevant="selected(${did},'link')",
)  # fmt: skip

TALK: Final = group(
    "talk",
    ("나눈 이야기", "What was said and done"),
    (
        words("said", ("본인 말씀", "In their own words"),
              ("들은 그대로 적어 주세요", "As it was said")),
        words("seen", ("담당자가 본 것", "What you saw")),
        # A call that found all as before ends without it.
        several("did", "did", ("오늘 한 일", "Done today"), unknown=False,
                required="${method}!='phone'"),
    ),
    relevant=SPOKEN,
)  # fmt: skip


NEXT: Final = group(
    "next",
    ("다음", "What comes next"),
    (
        asked("select_one grade_change", "grade_change", ("상담주기 등급", "Grade of the cycle"),
              default="keep"),
        asked("select_one grade", "grade_new", ("바꿀 등급", "New grade"),
              "${grade_change}!='' and ${grade_change}!='keep'"),
        words("grade_reason", ("바꾸는 까닭", "Why"), required="yes",
              relevant="${grade_change}!='' and ${grade_change}!='keep'"),
        question("date", "next_date", ("다음 연락", "Next contact"),
                 calculation="if(${grade_now}='risk', "
                 "format-date(date(decimal-date-time(${visit_date}) + 7), '%Y-%m-%d'), "
                 "if(${grade_now}='caution', "
                 "format-date(date(decimal-date-time(${visit_date}) + 28), '%Y-%m-%d'), "
                 "if(${grade_now}='watch', "
                 "format-date(date(decimal-date-time(${visit_date}) + 56), '%Y-%m-%d'), "
                 "if(${grade_now}='closed', "
                 "format-date(date(decimal-date-time(${visit_date}) + 182), '%Y-%m-%d'), ''))))",
                 trigger="${result}",
                 constraint=". >= ${visit_date}",
                 constraint_message=("만난 날보다 빠릅니다", "Before the day of this contact"),
                 save_to="next_date", merge="last"),
        question("select_one method", "next_method", ("다음 방법", "How next"), default="phone",
                 save_to="next_method", merge="last"),
    ),
    relevant=f"{SPOKEN}",
)  # fmt: skip

#: At the end, where a visit without pictures does not pass.
PICTURES: Final = group(
    "pictures",
    ("사진", "Pictures"),
    (
        question("image", "photo", ("집 사진(선택)", "Picture of the home (optional)"),
                 hint=("사람이 나오지 않게, 집만 찍어 주세요", "The home only, no people"),
                 parameters=SMALLER,
                 relevant="${inside_seen}='in' or ${inside_seen}='door'"),
        question("image", "photo_agreed", ("동의받은 사진(선택)", "Agreed picture (optional)"),
                 hint=("얼굴은 가리거나 빼고 찍어 주세요", "Leave faces out"),
                 parameters=SMALLER, relevant="${photo_consent}='agree'"),
    ),
    relevant="${method}='visit' and (${result}='self' or ${result}='refused')",
)  # fmt: skip

#: Only the newest contact says how the household stands: an older one may arrive later.
NEWEST: Final = "${result}!='' and (${last_contact_now}='' or ${visit_date} >= ${last_contact_now})"
NOTES: Final = "concat({})".format(
    ", ".join(
        f"if(${{{name}_note}}='', '', concat(${{{name}_note}}, ', '))"
        for name in ("m_safety", "m_health", "m_care", "m_social", "m_service", "m_link", "voice")
    )
)
NOTE: Final = f"if({NOTES}!='', substr({NOTES}, 0, -2), if(${{seen}}!='', ${{seen}}, ${{said}}))"


def kept(name: str, value: str, prop: str = "", only: str = "", merge: str = "") -> Row:
    """What the household keeps under `prop`, or under the same name; merge: of two laptops."""
    relevant = f"{NEWEST} and ({only})" if only else NEWEST
    row = calculate(name, value, save_to=prop or name, relevant=relevant)
    return {**row, "merge": merge} if merge else row


KEPT: Final = (
    # Two laptops may bring their contacts in any order: the later day stands.
    kept("last_contact", "${visit_date}", merge="max"),
    kept("last_method", "${method}"),
    kept("last_result", "${result}"),
    kept("last_confirmed", "${visit_date}", only="${confirmed}='yes'", merge="max"),
    kept("last_note", f"substr({NOTE}, 0, 100)"),
    kept("fails_after", f"if({NOT_MET}, coalesce(${{fails_in_a_row}}, 0) + 1, 0)",
         "fails_in_a_row"),
    kept("paused", f"if({PAUSES}, 'yes', '')", only=f"{PAUSES} or ${{confirmed}}!='no'"),
    kept("grade_wanted", "${grade_new}", only="${grade_new}!=''"),
    kept("wanted_reason", "${grade_reason}", "grade_reason", only="${grade_new}!=''"),
    kept("promises_after", STILL_PROMISED, "promises", only=SPOKEN),
)  # fmt: skip

BOOK: Final = Book(
    form_id="P01",
    title="방문·안부 기록",
    instance_name="concat(format-date(${visit_date}, '%Y. %n. %e.'), ' ', "
    "jr:choice-name(${method}, '${method}'), ' ', jr:choice-name(${result}, '${result}'))",
    survey=(
        *HEAD, *MEETING, *ABSENCE, *CARED, *HOME, *TALK, *ITEMS, *LINKS, *PROMISES, *NEXT,
        *PICTURES, *KEPT,
    ),
    choices=LISTS,
    pack=PACK,
    workflow=WORKFLOW,
    schedule=SCHEDULE,
    summary=SUMMARY,
    copy=COPY,
    entities=(
        {
            "list_name": "household",
            "entity_id": "${household}",
            "update_if": "${household}!='' and ${result}!=''",
        },
    ),
)  # fmt: skip

if __name__ == "__main__":
    write(BOOK)
