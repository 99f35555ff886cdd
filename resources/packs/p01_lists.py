"""The choices of the visit log."""

from __future__ import annotations

from typing import Final

from household_lists import GRADES, METHODS, RESULTS
from household_lists import UNKNOWN as UNK
from making import choices

LISTS: Final = {
    "kind": choices(
        ("routine", "정기 안부", "Routine"),
        ("first", "초기 방문", "First visit"),
        ("request", "요청·신고 확인", "Request or report"),
        ("crisis", "위기 대응", "Crisis"),
        ("deliver", "물품·서류 전달", "Delivery"),
    ),
    "method": METHODS,
    "companion": choices(
        ("none", "혼자", "Alone"),
        ("nurse", "간호직", "Nurse"),
        ("welfare", "복지직", "Welfare officer"),
        ("tong", "통·반장", "Neighbourhood head"),
        ("care", "생활지원사", "Care worker"),
        ("group", "이웃돌봄단", "Neighbours' care group"),
        ("police", "경찰", "Police"),
        ("etc", "기타", "Other"),
    ),
    "result": RESULTS,
    "indirect_who": choices(
        ("family", "가족", "Family"),
        ("neighbor", "이웃", "Neighbour"),
        ("owner", "임대인", "Landlord"),
        ("care", "생활지원사·제공인력", "Care worker"),
        ("org", "기관", "Institution"),
    ),
    "absent_sign": choices(
        ("mail", "우편물·전단 쌓임", "Mail piled up"),
        ("smell", "악취·벌레", "Smell or insects"),
        ("light", "불·TV 켜짐", "Light or TV on"),
        ("meter", "계량기 멈춤", "Meter stands still"),
        ("sticker", "지난 안내문 그대로", "Last notice untouched"),
        ("none", "특이사항 없음", "Nothing unusual"),
        UNK,
    ),
    "noncontact": choices(
        ("open", "안부 미확인 대응 시작", "Start the response"),
        ("revisit", "다시 연락", "Try again"),
    ),
    "level": choices(
        ("good", "양호", "Good"),
        ("watch", "관찰 필요", "To be watched"),
        ("act", "조치 필요", "To be acted on"),
        UNK,
    ),
    "service_level": choices(
        ("ok", "적정", "Adequate"),
        ("short", "부족", "Not enough"),
        ("change", "변경·중단 희망", "Wishes a change"),
        ("none", "없음", "None in use"),
        UNK,
    ),
    "link_level": choices(
        ("enough", "필요 없음", "Not needed"),
        ("need", "필요", "Needed"),
        ("going", "진행 중", "Under way"),
        ("unwanted", "원하지 않음", "Not wanted"),
    ),
    "voice": choices(
        ("same", "같음", "The same"), ("diff", "다름", "Different"), ("unk", "모르겠음", "Unsure")
    ),
    "changed": choices(
        ("safety", "안전·생활환경", "Safety and living"),
        ("health", "신체·정신건강", "Body and mind"),
        ("care", "돌봄체계", "Care"),
        ("social", "사회적 관계", "Relations"),
        ("service", "이용 서비스", "Services used"),
        ("link", "서비스 연계", "Services to come"),
    ),
    "inside_seen": choices(
        ("in", "들어가서 봄", "From inside"),
        ("door", "문 앞에서만", "From the door"),
        ("no", "보지 못함", "Not seen"),
    ),
    "hazard": choices(
        ("dirty", "물건·쓰레기가 많이 쌓임", "Things or rubbish piled up"),
        ("gas", "가스 끊김", "No gas"),
        ("power", "단전·단수", "No power or water"),
        ("mold", "곰팡이", "Mould"),
        ("fall", "낙상위험", "Danger of falling"),
        ("fire", "화재위험", "Danger of fire"),
        ("heat", "냉난방 안 됨", "No heating or cooling"),
        ("food", "먹을 것 없음", "Nothing to eat"),
        ("insect", "해충", "Vermin"),
        ("none", "없음", "None"),
        UNK,
    ),
    "did": choices(
        ("counsel", "상담", "Talked"),
        ("info", "제도 안내", "Explained a scheme"),
        ("apply", "신청 도움", "Helped to apply"),
        ("item", "물품 전달", "Handed over goods"),
        ("link", "연계", "Linked to a service"),
        ("contact", "기관 통화", "Called an office"),
        ("none", "없음", "Nothing"),
    ),
    "received_by": choices(
        ("self", "본인", "In person"),
        ("family", "가족", "Family"),
        ("door", "문 앞", "At the door"),
    ),
    "service": choices(
        ("housekeeping", "가사·간병", "Housekeeping and nursing"),
        ("meal", "식사·영양", "Meals"),
        ("escort", "동행", "Escort"),
        ("housing", "주거편의", "Housing"),
        ("respite", "단기시설", "Respite"),
        ("home_care", "일시재가", "Home care"),
        ("checkup", "안부확인", "Check-ins"),
        ("health", "건강지원", "Health"),
        ("care_scheme", "돌봄제도", "Care scheme"),
        ("case", "사례관리 의뢰", "Case management"),
        ("emergency", "긴급복지", "Emergency support"),
        ("etc", "기타", "Other"),
    ),
    "link_state": choices(
        ("asked", "의뢰", "Asked"), ("done", "연결됨", "Done"), ("refused", "거부", "Refused")
    ),
    "kept": choices(
        ("done", "했음", "Done"), ("not", "못함", "Not yet"), ("drop", "그만", "Dropped")
    ),
    "todo_who": choices(
        ("worker", "담당자", "The officer"),
        ("self", "본인", "The person"),
        ("org", "기관", "Office"),
    ),
    "grade_change": choices(
        ("keep", "그대로", "Keep"), ("up", "올림", "Raise"), ("down", "내림 제안", "Propose lower")
    ),
    "grade": GRADES,
}
