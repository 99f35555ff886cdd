"""What the checklist says beside its questions: who may do what, and its tables."""

from __future__ import annotations

from typing import Final

from making import Row, step
from p11_indicators import PROGRAMMES

PACK: Final = (
    ("id", "P11", ""),
    ("family", "P11", ""),
    ("title", "현장모니터링 점검표", ""),
    ("kind", "checklist", ""),
    ("subject", "site", "점검할 곳: 문항 site"),
    ("sensitivity", "normal", "개인정보를 적지 않습니다"),
    ("fill", "monitor, secretariat", "사무국은 계획을 세우고 종이 점검표를 옮겨 적습니다"),
    ("confirm", "secretariat", "두 조사원이 서명한 뒤 취합합니다"),
    ("read", "monitor, secretariat, division_member, gu_hope", ""),
    ("retention", "3년", ""),
    ("legal_basis", "사회보장급여법 제41조(지역사회보장협의체)", "조문은 발행 전에 확인"),
    ("source", "004 성남 PART Ⅰ-4 §1-4(영역, 2인 1조, 환류); 지표 문장·점수·서명 (added)", ""),
    ("year", "2026", ""),
    ("licence", "자체 작성", ""),
)

SIGNED: Final = (
    "selected(${_signed}, 'monitor1') and selected(${_signed}, 'monitor2')",
    "두 조사원이 모두 서명해야 합니다",
)
ON_PAPER: Final = (
    "${how}='paper'",
    "종이 점검표를 옮겨 적을 때만 씁니다. '적은 방법'을 고쳐 주세요",
)

WORKFLOW: Final = (
    step("", "예정", "계획", "secretariat"),
    step("", "서명 전", "마치기", "monitor", effect="entities"),
    step("", "완료", "종이 점검표 마치기", "secretariat", guard=ON_PAPER, effect="entities"),
    step("예정", "점검 중", "시작", "monitor"),
    step("예정", "서명 전", "마치기", "monitor", effect="entities"),
    step("예정", "완료", "종이 점검표 마치기", "secretariat", guard=ON_PAPER, effect="entities"),
    step("점검 중", "점검 중", "저장", "monitor"),
    step("점검 중", "서명 전", "마치기", "monitor", effect="entities"),
    step("서명 전", "완료", "공동 확인", "server", guard=SIGNED),
    step("서명 전", "완료", "종이 점검표 마치기", "secretariat", guard=ON_PAPER),
    step("서명 전", "점검 중", "돌려보내기", "secretariat", reason=True),
    step("완료", "취합", "취합", "secretariat", needs_seen=True, effect="lock"),
    step("", "접수", "접수", "monitor, secretariat", on="improvement", effect="number improvement"),
)


def result_table(programme: str, title: str) -> Row:
    """The areas of one programme: sites inspected, mean, opinions."""
    return {
        "id": f"result_{programme}",
        "caption": f"{title} 영역별 점검 결과 (단위: 개소, 점)",
        "source": "repeat areas",
        "where": f"${{programme}}='{programme}' and ${{visit_state}}='done'",
        "row_head": "영역",
        "rows": "by area_row",
        "columns": (
            "점검한 곳 = count()\n"
            "평균 = mean(area_mean)\n"
            "3점 이하 = count(${area_mean}!='' and ${area_mean}<=3)"
        ),
        "measure": "table",
        "period": "month by visit_date",
        "total_method": "none",
        "decimals": "0 (평균 2)",
        "rounding": "half_up",
        "empty": "-",
        "footnote": "평균은 곳마다 낸 영역 평균의 평균이며, 해당없음과 확인 못 함은 뺌",
    }


SUMMARY: Final = (
    {
        "id": "visits",
        "caption": "사업별 점검 현황 (단위: 개소, 건)",
        "row_head": "사업",
        "rows": "programme",
        "columns": (
            "계획 = count()\n"
            "점검함 = count(${visit_state}='done')\n"
            "문 닫음 = count(${visit_state}='closed')\n"
            "거절 = count(${visit_state}='refused')\n"
            "일정 변경 = count(${visit_state}='moved')\n"
            "개선사항 = rows(improvements, ${content}!='')"
        ),
        "measure": "table",
        "period": "month by visit_date",
        "total_method": "pooled",
        "decimals": "0",
        "rounding": "half_up",
        "empty": "-",
    },
    *(result_table(name, title) for name, title, _ in PROGRAMMES),
)
