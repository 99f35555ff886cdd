"""Writes P12.xlsx, the register of improvements: one record is one step of one improvement.

    python resources/packs/make_p12.py

The improvement itself carries the state; a step writes it there through the workflow rows about
`improvement`, which say who may lead it where.
"""

from __future__ import annotations

from typing import Final, Unpack

from making import (
    SMALLER,
    Book,
    Cells,
    Row,
    Text,
    calculate,
    choice,
    choices,
    group,
    metadata,
    note,
    question,
    step,
    write,
)
from p11_indicators import programme_choices

#: Decision → state of the improvement, in the order of the sheet.
DECISIONS: Final = (
    ("adopt", "반영", "Adopted"),
    ("part", "일부반영", "Adopted in part"),
    ("later", "중장기 검토", "To be looked at later"),
    ("already", "이미 시행 중", "Done already"),
    ("transfer", "소관 아님(이송)", "Another office's (passed on)"),
    ("reject", "미반영", "Not adopted"),
)
STATES: Final = {name: "이송" if name == "transfer" else words for name, words, _ in DECISIONS}
ADOPTED: Final = ("반영", "일부반영", "이미 시행 중")
NOTHING_PERSONAL: Final = ("이름과 전화번호는 적지 마세요", "Write no names or telephone numbers")


def state_filter(*states: str) -> str:
    """States in which a step is offered, each between bars: `반영` is also in `일부반영`."""
    return "".join(f"|{state}" for state in states) + "|"


LISTS: Final = {
    "step": (
        choice("forward", "부서 전달", "Pass to the office", states=state_filter("접수", "이송")),
        choice("answer", "회신", "Answer", states=state_filter("부서 전달", "중장기 검토")),
        choice("confirm", "반영 확인", "Confirm it is done", states=state_filter(*ADOPTED)),
        choice(
            "share",
            "공유",
            "Share",
            states=state_filter("반영 확인", "미반영", "중장기 검토", "이송"),
        ),
    ),
    "decision": choices(*DECISIONS),
    "programmes": programme_choices(),
}


def looked_up(prop: str) -> str:
    """A property of the improvement."""
    return f"instance('improvement')/root/item[name=${{improvement}}]/{prop}"


def known(name: str, prop: str) -> Row:
    """A property as it stood when the improvement was chosen.

    Taken once: read again for an amendment, it would already hold what this step left there.
    """
    return calculate(name, looked_up(prop), trigger="${improvement}")


def on(name: str, condition: str = "") -> str:
    """Relevant in this step."""
    return f"${{step}}='{name}'" + (f" and ({condition})" if condition else "")


def long_text(name: str, label: Text, **cells: Unpack[Cells]) -> Row:
    """A text of several lines that the improvement keeps."""
    return question("text", name, label, **cells) | {"appearance": "multiline"}


def when(name: str, label: Text, default: str = "today()") -> Row:
    """A day that the step was taken on, kept by the improvement."""
    return question("date", name, label, required=True, default=default, save_to=name)


PLANNED: Final = "${decision}='adopt' or ${decision}='part'"

HEAD: Final = (
    *metadata("start", "end", "today", "deviceid", "username"),
    question(
        "select_one_from_file improvement.csv",
        "improvement",
        ("개선사항", "Improvement"),
        required=True,
        required_message=("개선사항을 골라 주세요", "Please choose the improvement"),
    ),
    known("no_now", "no"),
    known("state_now", "state"),
    known("content_now", "content"),
    known("area_now", "area"),
    known("dept_now", "dept"),
    known("decision_now", "decision"),
    known("plan_now", "plan"),
    known("reply_due_now", "reply_due"),
    known("reply_by_now", "reply_by"),
    # A select without a label is not shown; its choices are the words of the tables' rows.
    question(
        "select_one programmes",
        "programme",
        calculation=looked_up("programme"),
        trigger="${improvement}",
    ),
    note(
        "what_note",
        (
            "${content_now}\n영역: ${area_now} · 상태: ${state_now}",
            "${content_now}\nArea: ${area_now} · State: ${state_now}",
        ),
        "${content_now}!=''",
    ),
    note(
        "no_note",
        ("접수번호 ${no_now}", "Number ${no_now}"),
        "${no_now}!=''",
    ),
    note(
        "no_none_note",
        ("접수번호: 접수 전", "Number: not yet given"),
        "${content_now}!='' and ${no_now}=''",
    ),
    question(
        "select_one step",
        "step",
        ("할 일", "Step"),
        required=True,
        required_message=("할 일을 골라 주세요", "Please choose the step"),
        choice_filter="contains(states, concat('|', ${state_now}, '|'))",
    ),
)

FORWARD: Final = group(
    "forwarding",
    ("부서 전달", "Passing on"),
    (
        question(
            "text",
            "dept",
            ("받는 부서", "Office"),
            required=True,
            required_message=("부서를 적어 주세요", "Please write the office"),
            save_to="dept",
        ),
        question(
            "date",
            "sent_date",
            ("보낸 날", "Sent on"),
            required=True,
            default="today()",
            save_to="sent_date",
        ),
        question(
            "date",
            "reply_due",
            ("회신 기한", "Answer due"),
            hint=("보낸 날부터 14일", "14 days after sending"),
            required=True,
            default="format-date(date(decimal-date-time(today()) + 14), '%Y-%m-%d')",
            constraint=". >= ${sent_date}",
            constraint_message=(
                "회신 기한은 보낸 날보다 빠를 수 없습니다",
                "The answer cannot be due before it was sent",
            ),
            save_to="reply_due",
        ),
        question(
            "select_one_from_file improvement.csv",
            "same_as",
            ("같은 내용(먼저 접수한 건)", "Same as an earlier one"),
            hint=("없으면 비워 두세요", "Leave empty if there is none"),
            choice_filter="name != ${improvement}",
            save_to="same_as",
        ),
    ),
    relevant=on("forward"),
)

ANSWER: Final = group(
    "answering",
    ("부서 회신", "Answer of the office"),
    (
        question(
            "select_one decision",
            "decision",
            ("반영 여부", "Decision"),
            required=True,
            required_message=("반영 여부를 골라 주세요", "Please choose the decision"),
            save_to="decision",
        ),
        long_text(
            "reason",
            ("까닭", "Reason"),
            hint=NOTHING_PERSONAL,
            required="yes",
            required_message=("까닭을 적어 주세요", "Please write the reason"),
            relevant=(
                "${decision}='part' or ${decision}='later' or "
                "${decision}='transfer' or ${decision}='reject'"
            ),
            save_to="reason",
        ),
        long_text(
            "plan",
            ("반영 계획", "Plan"),
            required=True,
            required_message=("반영 계획을 적어 주세요", "Please write the plan"),
            relevant=PLANNED,
            save_to="plan",
        ),
        question(
            "date",
            "plan_due",
            ("계획 기한", "Plan due"),
            required=True,
            required_message=("계획 기한을 적어 주세요", "Please write when it is due"),
            relevant=PLANNED,
            save_to="plan_due",
        ),
        when("reply_date", ("회신한 날", "Answered on")),
        calculate("reply_by", "once(${username})", save_to="reply_by"),
    ),
    relevant=on("answer"),
)


CONFIRM: Final = group(
    "confirming",
    ("반영 확인", "Confirmation"),
    (
        note(
            "plan_note",
            ("회신한 계획: ${plan_now}", "The plan as answered: ${plan_now}"),
            "${plan_now}!=''",
        ),
        when("done_date", ("반영한 날", "Done on")),
        long_text(
            "done_note",
            ("확인한 내용", "What was seen"),
            hint=("보고 들은 사실만 적어 주세요", "Write only what you saw and heard"),
            required=True,
            required_message=("확인한 내용을 적어 주세요", "Please write what you saw"),
            save_to="done_note",
        ),
        question(
            "image",
            "done_evidence",
            ("증빙 사진(선택)", "Picture as evidence (optional)"),
            hint=("사람 얼굴이 나오지 않게 찍어 주세요", "Take no pictures of faces"),
            parameters=SMALLER,
            save_to="done_evidence",
        ),
        calculate("confirmed_by", "once(${username})", save_to="confirmed_by"),
    ),
    relevant=on("confirm"),
)

SHARE: Final = group(
    "sharing",
    ("공유", "Sharing"),
    (
        when("shared_on", ("공유한 날", "Shared on")),
        question(
            "text",
            "shared_where",
            ("공유한 자리", "Where it was shared"),
            hint=("예: 정기회의, 조사원 모임", "For example the regular meeting"),
            required=True,
            required_message=("공유한 자리를 적어 주세요", "Please write where it was shared"),
            save_to="shared_where",
        ),
    ),
    relevant=on("share"),
)


def state_after() -> str:
    """The state that the step gives the improvement, or nothing while it is not chosen."""
    decided = "''"
    for name, state in reversed(STATES.items()):
        decided = f"if(${{decision}}='{name}', '{state}', {decided})"
    return (
        f"if({on('forward')}, '부서 전달', if({on('answer')}, {decided}, "
        f"if({on('confirm')}, '반영 확인', if({on('share')}, '공유', ''))))"
    )


PACK: Final = (
    ("id", "P12", ""),
    ("family", "P11", "점검표(P11)가 만든 개선사항을 다룹니다"),
    ("title", "개선사항 접수·반영", ""),
    ("kind", "register", ""),
    ("subject", "improvement", "다루는 개선사항: 문항 improvement"),
    ("sensitivity", "normal", "개인정보를 적지 않습니다"),
    ("fill", "secretariat, dept_officer", "사무국이 전달·확인·공유하고 부서가 회신합니다"),
    ("confirm", "secretariat", "회신한 사람은 확인하지 못합니다"),
    ("read", "secretariat, dept_officer, division_member, monitor", "조사원도 회신을 봅니다"),
    ("retention", "3년", ""),
    ("legal_basis", "사회보장급여법 제41조(지역사회보장협의체)", "조문은 발행 전에 확인"),
    ("source", "004 성남 PART Ⅰ-4 §4(환류, 반영률); 회신 구분·기한 (added)", ""),
    ("year", "2026", ""),
    ("licence", "자체 작성", ""),
)

ONE_PERSON: Final = "${confirmed_by}!='' and ${confirmed_by}=${reply_by_now}"
BY_OFFICE: Final = (
    f"${{step}}='forward' or ${{step}}='share' or (${{step}}='confirm' and not({ONE_PERSON}))",
    "사무국은 전달·확인·공유를 합니다. 회신한 사람은 반영을 확인할 수 없습니다",
)
BY_DEPARTMENT: Final = ("${step}='answer'", "부서는 회신만 합니다")


def moves(source: str, targets: tuple[str, ...], roles: str) -> tuple[Row, ...]:
    """Where an improvement may go from a state."""
    return tuple(step(source, target, target, roles, on="improvement") for target in targets)


WORKFLOW: Final = (
    step("", "완료", "마치기", "secretariat", guard=BY_OFFICE, effect="entities"),
    step("", "완료", "회신하기", "dept_officer", guard=BY_DEPARTMENT, effect="entities"),
    step("", "접수", "접수", "secretariat, monitor", on="improvement", effect="number improvement"),
    *moves("접수", ("부서 전달",), "secretariat"),
    *moves("부서 전달", tuple(STATES.values()), "dept_officer"),
    *moves("중장기 검토", ("반영", "일부반영", "이미 시행 중", "미반영"), "dept_officer"),
    *moves("이송", ("부서 전달", "공유"), "secretariat"),
    *(row for state in ADOPTED for row in moves(state, ("반영 확인",), "secretariat")),
    *(
        row
        for state in ("반영 확인", "미반영", "중장기 검토")
        for row in moves(state, ("공유",), "secretariat")
    ),
)


def section(name: str, caption: str, rows: str, columns: tuple[str, ...], **cells: str) -> Row:
    """A table over the improvements as they stand."""
    alike = {
        "source": "list improvement", "measure": "table", "period": "month by today",
        "total_method": "pooled", "decimals": "1", "rounding": "half_up", "empty": "-",
    }  # fmt: skip
    return (
        {"id": name, "caption": caption, "rows": rows, "columns": "\n".join(columns)}
        | alike
        | cells
    )


DONE: Final = "${state}='반영 확인' or ${state}='공유'"
SUMMARY: Final = (
    section(
        "adoption",
        "사업별 개선사항 반영률 (단위: 건)",
        "by programme",
        ("접수 = count()", "반영 = count(${decision}='adopt')", "반영률% = rate(반영, 접수)"),
        row_head="사업",
        footnote="반영률 = 반영 ÷ 접수. 일부반영과 이미 시행 중은 반영에 넣지 않음",
    ),
    section(
        "achievement",
        "성과지표 달성도 (단위: 건)",
        "all 현장모니터링 반영률(%)",
        (
            "접수 = count()",
            "반영 = count(${decision}='adopt')",
            "목표 = target(improvement_adopted)",
            "실적% = rate(반영, 접수)",
            "달성률% = rate(실적%, 목표)",
        ),
        row_head="성과지표",
        total_method="none",
        footnote="달성률 = 실적 ÷ 목표",
    ),
    section(
        "answers",
        "사업별 회신 결과 (단위: 건)",
        "by programme",
        (
            "접수 = count()",
            "회신 전 = count(${decision}='')",
            *(
                f"{STATES[name]} = count(${{decision}}='{name}')"
                for name in ("adopt", "part", "later", "already", "transfer", "reject")
            ),
            f"확인 = count((${{decision}}='adopt' or ${{decision}}='part') and ({DONE}))",
            "이행 완료율% = rate(확인, 반영+일부반영)",
        ),
        row_head="사업",
        footnote="이행 완료율 = 사무국이 반영을 확인한 건 ÷ (반영 + 일부반영)",
    ),
)

BOOK: Final = Book(
    form_id="P12",
    title="개선사항 접수·반영",
    instance_name="concat('개선사항 ', ${no_now}, ' ', jr:choice-name(${step}, '${step}'))",
    survey=(
        *HEAD,
        *FORWARD,
        *ANSWER,
        *CONFIRM,
        *SHARE,
        calculate("state", state_after(), save_to="state"),
    ),
    choices=LISTS,
    pack=PACK,
    workflow=WORKFLOW,
    summary=SUMMARY,
    entities=(
        {
            "list_name": "improvement",
            "entity_id": "${improvement}",
            "update_if": "${improvement}!='' and ${state}!=''",
        },
    ),
)

if __name__ == "__main__":
    write(BOOK)
