"""Writes P00.xlsx, the consent to the processing of personal data: each purpose by itself.

    python resources/packs/make_p00.py

One signature at the end for all pages; what the law allows without consent is said first and never
asked. A withdrawal is a record of its own, made with the same form.
"""

from __future__ import annotations

from typing import Final

from household_lists import FACTS
from making import (
    CHOOSE,
    SMALLER,
    Book,
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
    "what": choices(("give", "동의를 받음", "Asking"), ("withdraw", "동의 철회", "Withdrawal")),
    "agree": choices(
        ("agree", "동의함", "I agree"),
        ("disagree", "동의하지 않음", "I do not agree"),
        ("na", "해당없음", "Not applicable"),
    ),
    "orgs": choices(
        ("center", "복지관", "Welfare centre"),
        ("care", "돌봄서비스 제공기관", "Care provider"),
        ("health", "보건소·정신건강복지센터", "Public health centre"),
        ("hospital", "병원", "Hospital"),
        ("police", "경찰·소방", "Police and fire service"),
        ("etc", "기타(목적에 적음)", "Other (say in the purpose)"),
    ),
    "yesno": choices(
        ("agree", "동의함", "I agree"), ("disagree", "동의하지 않음", "I do not agree")
    ),
    "who": choices(
        ("self", "본인", "In person"),
        ("guardian", "법정대리인(14세 미만)", "Guardian (under 14)"),
        ("proxy", "위임받은 대리인", "Proxy"),
    ),
    "paper_state": choices(
        ("seen", "확인함", "Seen"),
        ("missing", "없음", "Missing"),
        ("later", "나중에 받음", "Later"),
    ),
    "how": choices(
        ("sign", "화면 서명", "Signed on the screen"),
        ("paper", "종이 동의서(촬영)", "Paper, photographed"),
        ("oral", "구두(긴급·거동 불가)", "Spoken (emergency, cannot move)"),
    ),
    "copy": choices(
        ("given", "드림", "Given"),
        ("later", "나중에 드림", "Later"),
        ("no", "원하지 않음", "Not wanted"),
    ),
}

GIVING: Final = "${what}='give'"
#: 동의 없이 처리하는 항목과 법적 근거: without it the form must not be published.
LAW: Final = (
    "동의 없이 처리: 이름, 주소, 연락처, 안부확인 결과 (사회보장급여법 제9조의2)",
    "Without consent, by law: name, address, telephone, results of check-ins",
)
FREE: Final = (
    "동의하지 않으셔도 되며, 그래도 법에 따른 지원과 안부확인은 받으실 수 있습니다.",
    "You may refuse; what the law provides stays open to you.",
)


def page(name: str, title: Text, items: Text, why: Text) -> tuple[Row, ...]:
    """One purpose on a page of its own: what, why, until when, refusing is free; the answer."""
    said = (
        f"항목: {items[0]}. 목적: {why[0]}. 기간: 동의 유효기간까지.",
        f"What: {items[1]}. Why: {why[1]}. Until: the date given at the end.",
    )
    return group(
        f"{name}_page",
        title,
        (
            note(f"{name}_note", said),
            note(f"{name}_free", FREE),
            question(
                "select_one agree",
                f"c_{name}",
                (f"{title[0]}에 동의하십니까?", "Do you agree to this?"),
                required=True,
                required_message=CHOOSE,
            ),
        ),
        relevant=GIVING,
    )


PAGES: Final = (
    *page(
        "collect",
        ("개인정보 수집·이용", "Collecting and using personal data"),
        (
            "이름, 생년월일, 주소, 연락처, 가구 사항, 상담 내용",
            "name, date of birth, address, telephone, household, talks",
        ),
        ("안부확인, 상담, 서비스 연계", "check-ins, counselling, links to services"),
    ),
    *page(
        "sensitive",
        ("민감정보(건강·장애) 처리", "Sensitive data (health, disability)"),
        ("건강 상태, 장애, 복용하는 약", "health, disability, medicines"),
        ("알맞은 돌봄과 연계", "fitting care"),
    ),
    *page(
        "photo",
        ("사진 촬영·보관", "Taking and keeping pictures"),
        ("집 안팎과 물품의 사진(얼굴은 빼고)", "pictures of home and goods, no faces"),
        ("고치기 전후 확인", "before and after repairs"),
    ),
)

THIRD: Final = repeat(
    "third",
    ("다른 기관에 알림(제3자 제공)", "Passing on to others"),
    (
        question("select_one orgs", "to", ("받는 곳", "To whom"), required=True,
                 required_message=CHOOSE),
        question("text", "purpose", ("목적", "Why"), required=True,
                 required_message=("목적을 적어 주세요", "Please write why")),
        question("text", "items", ("항목", "What"), required=True,
                 hint=("예: 이름, 연락처, 필요한 서비스", "For example name, telephone, service"),
                 required_message=("항목을 적어 주세요", "Please write what")),
        question("date", "until", ("언제까지", "Until"), required=True,
                 required_message=("날짜를 적어 주세요", "Please write a date")),
        question("select_one yesno", "agree", ("동의하십니까?", "Do you agree?"), required=True,
                 required_message=CHOOSE),
    ),
    relevant=GIVING,
)  # fmt: skip

SIGNING: Final = group(
    "signing",
    ("확인", "Confirmation"),
    (
        question("date", "valid_until", ("동의 유효기간", "Valid until"), required=True,
                 relevant=GIVING, constraint=". > ${consent_date}",
                 constraint_message=("동의한 날보다 뒤여야 합니다", "Must be after that day"),
                 default="concat(number(format-date(today(), '%Y')) + 2, '-12-31')"),
        question("select_one who", "who", ("동의하는 사람", "Who agrees"), required=True,
                 required_message=CHOOSE, default="self"),
        question("text", "who_name", ("대리인 이름", "Name of the proxy"), required=True,
                 required_message=("이름을 적어 주세요", "Please write the name"),
                 relevant="${who}!='' and ${who}!='self'"),
        question("text", "who_relation", ("본인과의 관계", "Relation to the person"),
                 required=True,
                 required_message=("관계를 적어 주세요", "Please write the relation"),
                 relevant="${who}!='' and ${who}!='self'"),
        question("select_one paper_state", "proxy_paper", ("대리 증명 서류", "Proof of authority"),
                 required=True, required_message=CHOOSE,
                 relevant="${who}!='' and ${who}!='self'"),
        question("select_one how", "how", ("방법", "How"), required=True,
                 required_message=CHOOSE),
        question("image", "sig", ("서명", "Signature"), required=True,
                 required_message=("서명을 받아 주세요", "Please take the signature"),
                 appearance="signature", parameters=SMALLER, relevant="${how}='sign'"),
        question("image", "scan", ("서명한 종이", "The signed paper"), required=True,
                 required_message=("종이 동의서를 찍어 주세요", "Please take a picture of it"),
                 parameters=SMALLER, relevant="${how}='paper'"),
        question("text", "oral_reason", ("구두로 받은 까닭", "Why only spoken"), hint=FACTS,
                 required=True,
                 required_message=("까닭을 적어 주세요", "Please write why"),
                 relevant="${how}='oral'"),
        question("text", "witness", ("함께 들은 사람", "Witness"), required=True,
                 required_message=("누가 함께 들었는지 적어 주세요", "Please write who heard it"),
                 relevant="${how}='oral'"),
        question("select_one copy", "copy_given", ("사본", "Copy"), required=True,
                 required_message=CHOOSE),
    ),
)  # fmt: skip

WITHDRAWN: Final = note(
    "withdraw_note",
    (
        "수집·민감정보·사진 동의를 모두 거두며, 다른 기관에도 알립니다.",
        "All consents are withdrawn and the others are told.",
    ),
    "${what}='withdraw'",
)
KEPT: Final = (
    *(
        calculate(
            f"consent_{name}",
            f"if(${{what}}='withdraw', 'disagree', ${{c_{name}}})",
            save_to=f"consent_{name}",
        )
        for name in ("collect", "sensitive", "photo")
    ),
    calculate(
        "consent_until",
        "if(${what}='withdraw', ${consent_date}, ${valid_until})",
        save_to="consent_until",
    ),
)

WORKERS: Final = "dong_welfare, dong_nurse, case_manager"

BOOK: Final = Book(
    form_id="P00",
    title="개인정보 동의",
    instance_name="concat('동의 ', format-date(${consent_date}, '%Y. %n. %e.'))",
    survey=(
        *metadata("start", "end", "today", "deviceid", "username"),
        calculate("worker_id", "once(${username})"),
        question(
            "select_one_from_file household.csv",
            "household",
            ("대상", "Household"),
            required=True,
            required_message=("대상을 골라 주세요", "Please choose the household"),
        ),
        question(
            "select_one what", "what", ("무엇을", "What"), required=True, default="give"
        ),
        question(
            "date", "consent_date", ("날짜", "Date"), required=True, default="today()",
            constraint=". <= today()",
            constraint_message=("아직 오지 않은 날입니다", "This day has not come yet"),
            save_to="consent_date",
        ),
        note("law_note", LAW),
        *PAGES,
        *THIRD,
        WITHDRAWN,
        *SIGNING,
        *KEPT,
    ),
    choices=LISTS,
    pack=(
        ("id", "P00", ""),
        ("family", "P00", ""),
        ("title", "개인정보 동의", ""),
        ("kind", "register", ""),
        ("subject", "household", "대상 가구: 문항 household"),
        ("sensitivity", "normal", ""),
        ("fill", WORKERS, ""),
        ("confirm", "team_lead", ""),
        ("read", f"{WORKERS}, team_lead, privacy_officer", ""),
        ("follows", "yes", "전입지에서 읽을 수 있습니다"),
        ("retention", "5년", "동의 유효기간이 끝난 뒤부터"),
        ("legal_basis", "개인정보 보호법 제15조·제17조·제22조·제23조", "조문은 발행 전에 확인"),
        ("source", "개인정보 보호법의 고지 사항; 문장 (added)", ""),
        ("year", "2026", ""),
        ("licence", "자체 작성", ""),
    ),
    workflow=(
        step("", "완료", "마치기", WORKERS, effect="entities"),
        step("완료", "확인", "확인", "team_lead", needs_seen=True),
    ),
    entities=(
        {
            "list_name": "household",
            "entity_id": "${household}",
            "update_if": "${household}!=''",
        },
    ),
)  # fmt: skip

if __name__ == "__main__":
    write(BOOK)
