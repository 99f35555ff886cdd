"""What the visit log says beside its questions: who may do what, the cycle, tables, copy blocks."""

from __future__ import annotations

from typing import Final

from making import Row, step

PACK: Final = (
    ("id", "P01", ""),
    ("family", "P01", "안부확인(wellbeing_check)과 같은 묶음"),
    ("title", "방문·안부 기록", ""),
    ("kind", "visit", ""),
    ("subject", "household", "대상 가구: 문항 household"),
    ("sensitivity", "normal", ""),
    ("fill", "dong_welfare, dong_nurse, case_manager", ""),
    ("confirm", "team_lead", "본인 확인·조치 필요 없음·등급 그대로이면 자동 확인"),
    ("read", "dong_welfare, dong_nurse, case_manager, team_lead, gu_hope", ""),
    ("follows", "yes", "전입지에서 읽을 수 있습니다"),
    ("contact_date", "visit_date", ""),
    ("contact_method", "method", ""),
    ("contact_confirmed", "confirmed", "yes만 셉니다: 간접 확인은 주기를 채우지 않음"),
    ("retention", "5년", ""),
    ("legal_basis", "사회보장급여법 제9조의2(위기가구의 발굴)", "조문은 발행 전에 확인"),
    ("source", "004 수영 PART Ⅲ-2 5(등급·주기·여섯 항목); 방법별 문항·약속·복사 글 (added)", ""),
    ("year", "2026", ""),
    ("licence", "자체 작성", ""),
)

WORKERS: Final = "dong_welfare, dong_nurse, case_manager"
NOTHING_OPEN: Final = (
    "${result}='self' and ${needs_act}='no' and ${grade_change}='keep'",
    "본인 확인, 조치 필요 없음, 등급 그대로일 때만 자동으로 확인합니다",
)
TO_OPEN: Final = ("${noncontact}='open'", "안부 미확인 대응을 시작하지 않는 기록입니다")
TO_TELL: Final = ("${paused}='yes'", "정기 연락을 쉬게 하는 결과가 아닙니다")

WORKFLOW: Final = (
    # The first row whose guard holds is taken: the plain one stands last.
    step("", "완료", "마치기", WORKERS, guard=TO_OPEN, effect="entities, open P03"),
    step("", "완료", "마치기", WORKERS, guard=TO_TELL, effect="entities, notify team_lead"),
    step("", "완료", "마치기", WORKERS, effect="entities"),
    step("완료", "확인", "자동 확인", "server", guard=NOTHING_OPEN),
    step("완료", "확인", "확인", "team_lead", needs_seen=True, effect="lock"),
    step("완료", "보완 요청", "보완 요청", "team_lead", reason=True),
    step("보완 요청", "완료", "다시 마치기", WORKERS, effect="entities"),
)


def rule(grade: str, label: str, every: int, unit: str, method: str = "any") -> Row:
    """A row of the schedule; a grade that is asked for counts beside the one that stands.

    Upward at once, downward only when the team leader has given it: with both, the stricter rules.
    """
    return {
        "label": label,
        "applies_when": f"${{grade}}='{grade}' or ${{grade_wanted}}='{grade}'",
        "every": str(every),
        "unit": unit,
        "method": method,
        "minimum": "1",
        "confirmed_only": "yes",
        "holiday_rule": "none" if unit == "day" else "before",
        "note": "004 수영 PART Ⅲ-2 5 상담주기",
    }


SCHEDULE: Final = (
    rule("risk", "7일에 한 번", 7, "day"),
    rule("risk", "한 달에 한 번 방문", 1, "month", "visit"),
    rule("caution", "한 달에 한 번", 1, "month"),
    rule("watch", "두 달에 한 번", 2, "month"),
    rule("closed", "반년에 한 번 방문", 1, "half_year", "visit"),
)

ABSENT: Final = "(${result}='absent' or ${result}='gone')"


#: What was counted, in each table that tells of it (corrections.md §3, Counting).
VISITED: Final = "방문 = count(${method}='visit' and ${confirmed}='yes')"
MISSED: Final = f"부재 = count(${{method}}='visit' and {ABSENT})"
CONTACTS: Final = (
    "대상 = list(household)",
    "전화 = count(${method}='phone' and ${result}='self')",
    "간접 = count(${result}='indirect')",
    "연계 = rows(links)",
    "의뢰 = rows(links, ${service}='case')",
    "발굴 = created(household, ${route}!='')",
)


def monthly(name: str, caption: str, head: str, rows: str, *columns: str, **more: str) -> Row:
    """A table of the month, a row for each value of some property of the households."""
    return {
        "id": name,
        "caption": caption,
        "row_head": head,
        "rows": rows,
        "columns": "\n".join(columns),
        "measure": "table",
        "period": "month by visit_date",
        "total_method": "pooled",
        "decimals": "1",
        "rounding": "half_up",
        "empty": "-",
        **more,
    }


#: Visits stand in the first table only: a grade changes, and a figure said twice would differ.
SUMMARY: Final = (
    monthly(
        "visits", "통·등급별 방문 실적 (단위: 건)", "통", "subject tong",
        VISITED, MISSED, "부재율% = rate(부재, 방문+부재)",
        across="by grade_now",
        footnote=(
            "본인을 만난 방문을 방문할 때의 등급으로 나눔. 공동 방문은 한 건. "
            "부재율 = 부재 ÷ (계 + 부재)"
        ),
    ),
    monthly(
        "by_tong", "통별 상담 실적 (단위: 가구, 건)", "통", "subject tong", *CONTACTS,
        footnote="의뢰는 연계 가운데 사례관리 의뢰",
    ),
    monthly(
        "by_grade", "등급별 상담 실적 (단위: 가구, 건)", "상담주기 등급", "subject grade",
        *CONTACTS[:1], MISSED, *CONTACTS[1:],
        footnote="집계할 때의 등급으로 나눔",
    ),
)  # fmt: skip


def chosen(name: str, words: tuple[tuple[str, str], ...], otherwise: str = "''") -> str:
    """The words for one choice."""
    text = otherwise
    for value, said in reversed(words):
        text = f"if(${{{name}}}='{value}', '{said}', {text})"
    return text


def ticked(name: str, words: tuple[tuple[str, str], ...]) -> str:
    """The words for every ticked choice, each with a comma behind it."""
    return ", ".join(
        f"if(selected(${{{name}}}, '{value}'), '{said}, ', '')" for value, said in words
    )


METHOD_WORDS: Final = (
    ("visit", "가정방문"), ("phone", "전화"), ("center", "내방"), ("video", "영상통화"),
)  # fmt: skip
COMPANION_WORDS: Final = (
    ("nurse", "간호직"), ("welfare", "복지직"), ("tong", "통·반장"), ("care", "생활지원사"),
    ("group", "이웃돌봄단"), ("police", "경찰"), ("etc", "기타"),
)  # fmt: skip
RESULT_WORDS: Final = (
    ("self", "본인 확인"), ("indirect", "다른 사람을 통해 확인"), ("absent", "부재"),
    ("no_answer", "전화 안 받음"), ("wrong_no", "결번"), ("refused", "면담 거부"),
    ("hospital", "입원"), ("facility", "시설 입소"), ("moved", "이사·전출"),
    ("gone", "살지 않음(행방 모름)"), ("dead", "사망"),
)  # fmt: skip
LEVEL_WORDS: Final = (("watch", "관찰 필요"), ("act", "조치 필요"))
AREA_WORDS: Final = (
    ("m_safety", "안전·생활환경"), ("m_health", "신체·정신건강"), ("m_care", "돌봄체계"),
    ("m_social", "사회적 관계"),
)  # fmt: skip
HAZARD_WORDS: Final = (
    ("dirty", "물건·쓰레기 쌓임"), ("gas", "가스 끊김"), ("power", "단전·단수"), ("mold", "곰팡이"),
    ("fall", "낙상위험"), ("fire", "화재위험"), ("heat", "냉난방 안 됨"), ("food", "먹을 것 없음"),
    ("insect", "해충"),
)  # fmt: skip
DID_WORDS: Final = (
    ("counsel", "상담"), ("info", "제도 안내"), ("apply", "신청 도움"), ("contact", "기관 통화"),
)  # fmt: skip
WHO_WORDS: Final = (
    ("family", "가족"), ("neighbor", "이웃"), ("owner", "임대인"), ("care", "생활지원사·제공인력"),
    ("org", "기관"),
)  # fmt: skip

WHEN: Final = "concat(format-date(${visit_date}, '%Y. %n. %e.'), ' ', substr(${start_time}, 0, 5))"
WITH: Final = f"concat({ticked('companion', COMPANION_WORDS)})"
HOW: Final = (
    f"concat({chosen('method', METHOD_WORDS)}, if({WITH}='', '', "
    f"concat('(', substr({WITH}, 0, -2), ' 동행)')))"
)


def in_brackets(name: str) -> str:
    """`(무릎 통증)`, or nothing."""
    return f"if(${{{name}}}='', '', concat('(', ${{{name}}}, ')'))"


FOUND: Final = "concat({})".format(
    ", ".join(
        f"if({chosen(name, LEVEL_WORDS)}='', '', "
        f"concat('{words} ', {chosen(name, LEVEL_WORDS)}, {in_brackets(f'{name}_note')}, ', '))"
        for name, words in AREA_WORDS
    )
)
DANGERS: Final = f"concat({ticked('hazard', HAZARD_WORDS)})"
#: `신체·정신건강 관찰 필요(무릎 통증), 그 밖 변동 없음.`
STATE: Final = (
    f"if(${{result}}='self', if({FOUND}='', "
    f"if(${{voice}}='diff', concat(' 평소와 다름', {in_brackets('voice_note')}, '.'), "
    f"' 변동 없음.'), concat(' ', {FOUND}, '그 밖 변동 없음.')), '')"
)
HOME: Final = f"if({DANGERS}='', '', concat(' 집 안: ', substr({DANGERS}, 0, -2), '.'))"
SAID: Final = "if(${said}='', '', concat(' \"', ${said}, '\"'))"
SEEN: Final = "if(${seen}='', '', concat(' ', ${seen}))"
DONE: Final = (
    f"concat({ticked('did', DID_WORDS)}, "
    "if(join('', ${item_line})='', '', concat(join(', ', ${item_line}[. != '']), ' 전달, ')), "
    "if(join('', ${link_line})='', '', concat(join(', ', ${link_line}[. != '']), ' 연계, ')))"
)
NEXT: Final = (
    "if(${noncontact}='open', '안부 미확인 대응 시작.', if(${noncontact}='revisit', "
    "concat('다시 연락 ', format-date(${retry_on}, '%n. %e.')), if(${next_date}='', '', "
    "concat('다음 연락 ', format-date(${next_date}, '%n. %e.'), ' ', "
    f"{chosen('next_method', METHOD_WORDS)}, '.'))))"
)
ACTION: Final = f"concat(if({DONE}='', '', concat(substr({DONE}, 0, -2), '. ')), {NEXT})"
CONTENT: Final = (
    f"normalize-space(concat({chosen('result', RESULT_WORDS)}, '.', {STATE}, {HOME}, {SAID}, "
    f"{SEEN}))"
)


def block(target: str, label: str, expression: str, most: str = "") -> Row:
    """A text to be pasted into 행복이음."""
    return {"target": target, "label": label, "expression": expression, "max_chars": most}


#: Whole for the one large field, and in parts for offices that fill every field.
COPY: Final = (
    block(
        "상담내역",
        "상담내용",
        f"normalize-space(concat({WHEN}, ' ', {HOW}, '. ', {CONTENT}, ' ', {ACTION}))",
        "4000",
    ),
    block("칸마다", "상담일시", WHEN),
    block("칸마다", "상담방법", HOW),
    block(
        "칸마다",
        "대상자(관계)",
        "if(${result}='indirect', " + chosen("indirect_who", WHO_WORDS) + ", '본인')",
    ),
    block("칸마다", "내용", CONTENT, "2000"),
    block("칸마다", "조치", f"normalize-space({ACTION})", "1000"),
)
