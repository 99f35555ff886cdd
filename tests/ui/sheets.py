"""Small forms for the tests of the window: a checklist with areas, and one of every question."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from pyxform.xls2xform import convert

from fieldapp.clock import KOREA
from fieldapp.forms import Filling, FormDefinition, Surroundings, read_form

NOON = datetime(2026, 11, 30, 13, 55, tzinfo=KOREA)

CHECKLIST = """
| survey |
| | type | name | label | calculation | relevant | required | repeat_count | appearance |
| | begin_group | head | 점검 | | | | | field-list |
| | select_one programme | programme | 사업 | | | yes | | |
| | date | visit_date | 점검한 날 | | | | | |
| | end_group | | | | | | | |
| | calculate | n_areas | | if(${programme}='care',5,if(${programme}='shop',3,0)) | | | | |
| | begin_repeat | areas | 영역 | | | | ${n_areas} | |
| | calculate | area_no | | position(..) | | | | |
| | calculate | area_name | | instance('areas_list')/root/item[programme=${programme} and no=current()/../area_no]/label | | | | |
| | begin_repeat | items | 지표 | | | | 4 | |
| | calculate | item_text | | concat(${area_name}, ' 지표 ', position(..)) | | | | |
| | select_one score5 | score | ${item_text} | | | yes | | |
| | text | evidence | 근거 | | | ${score}='1' or ${score}='2' or ${score}='na' or ${score}='unk' | | |
| | image | photo | 사진 | | | | | |
| | end_repeat | | | | | | | |
| | text | opinion | 의견 | | | | | multiline |
| | end_repeat | | | | | | | |
| | begin_repeat | improvements | 개선사항 | | ${programme}!='' | | | |
| | text | content | 내용 | | | yes | | |
| | select_one areas_list | area | 영역 | | | yes | | |
| | begin_repeat | helpers | 도운 사람 | | | | | |
| | text | helper | 이름 | | | | | |
| | end_repeat | | | | | | | |
| | end_repeat | | | | | | | |
| | text | met | 만난 사람 | | | | | |
| choices |
| | list_name | name | label | programme | no |
| | programme | care | 다함께돌봄센터 | | |
| | programme | shop | 자원순환가게 | | |
| | score5 | 5 | 매우 그렇다 | | |
| | score5 | 4 | 그렇다 | | |
| | score5 | 3 | 보통이다 | | |
| | score5 | 2 | 그렇지 않다 | | |
| | score5 | 1 | 전혀 그렇지 않다 | | |
| | score5 | na | 해당없음 | | |
| | score5 | unk | 확인 못 함 | | |
| | areas_list | safety | 안전 | care | 1 |
| | areas_list | meals | 급식 | care | 2 |
| | areas_list | activities | 프로그램 | care | 3 |
| | areas_list | community | 지역협력 | care | 4 |
| | areas_list | publicity | 홍보 | care | 5 |
| | areas_list | access | 접근 | shop | 1 |
| | areas_list | running | 운영 | shop | 2 |
| | areas_list | news | 알림 | shop | 3 |
| settings |
| | form_title | form_id | version |
| | 현장모니터링 점검표 | T11 | 1 |
"""  # noqa: E501 - a table reads by its columns

VISIT = """
| survey |
| | type | name | label | calculation | relevant | required | appearance | repeat_count |
| | begin_group | meet | 만남 | | | | field-list | |
| | select_one method | method | 방법 | | | yes | | |
| | select_multiple who | companion | 동행 | | | | | |
| | end_group | | | | | | | |
| | begin_group | looked | 살핀 것 | | | | field-list | |
| | select_one level | safety | 안전·생활환경 | | | yes | | |
| | text | safety_note | 메모 | | | ${safety}='act' | | |
| | select_one level | health | 신체·정신건강 | | | yes | | |
| | text | health_note | 메모 | | | ${health}='act' | | |
| | select_one link | link | 서비스 연계 | | | yes | | |
| | end_group | | | | | | | |
| | begin_group | talked | 나눈 이야기 | | | | | |
| | text | said | 본인 말씀 | | | | multiline | |
| | text | seen | 담당자가 본 것 | | | | | |
| | end_group | | | | | | | |
| | begin_repeat | todos | 새 약속 | | | | | |
| | text | what | 무엇을 | | | yes | | |
| | select_one who | by | 누가 | | | | | |
| | end_repeat | | | | | | | |
| | note | farewell | 인사하고 나오기 | | | | | |
| | begin_repeat | meals | 끼니 | | | | | 3 |
| | select_one meal | eaten | 드셨는지 | | | | | |
| | integer | bowls | 몇 그릇 | | | | | |
| | end_repeat | | | | | | | |
| choices |
| | list_name | name | label |
| | method | visit | 방문 |
| | method | phone | 전화 |
| | who | none | 혼자 |
| | who | nurse | 간호직 |
| | who | tong | 통장 |
| | level | good | 양호 |
| | level | watch | 관찰 필요 |
| | level | act | 조치 필요 |
| | level | unk | 확인 못 함 |
| | link | no | 필요 없음 |
| | link | yes | 필요 |
| | meal | yes | 예 |
| | meal | no | 아니요 |
| settings |
| | form_title | form_id | version |
| | 방문·안부 기록 | T01 | 1 |
"""

EVERY_KIND = """
| survey |
| | type | name | label | parameters | appearance | required |
| | begin_group | all | 모두 | | | |
| | date | day | 날 | | | |
| | time | hour | 시각 | | | |
| | dateTime | moment | 날과 시각 | | | |
| | decimal | dose | 용량 | | | |
| | select_multiple signs | signs | 살핀 것 | | | |
| | select_one towns | town | 사는 곳 | | minimal | |
| | range | pain | 아픈 정도 | start=0 end=5 step=1 | | |
| | range | temperature | 체온 | start=30 end=45 step=0.1 | | |
| | acknowledge | read | 안내를 읽음 | | | |
| | image | room | 방 사진 | | | |
| | image | signed | 서명 | | signature | |
| | end_group | | | | | |
| choices |
| | list_name | name | label |
| | signs | mail | 우편물 쌓임 |
| | signs | smell | 악취 |
| | signs | light | 불 켜짐 |
| | signs | none | 없음 |
| | signs | unk | 확인 못 함 |
| | towns | a | 가상-햇살동 |
| | towns | b | 가상-솔바람동 |
| | towns | c | 가상-물결동 |
| settings |
| | form_title | form_id | version |
| | 갖가지 | T99 | 1 |
"""


@cache
def form_of(workbook: str) -> FormDefinition:
    """The form of a workbook written as a table."""
    return read_form(convert(xlsform=workbook, file_type=".md").xform.encode())


def begun(workbook: str) -> Filling:
    """A blank form of a workbook."""
    record = "01934f4e-0000-7000-8000-000000000011"
    surroundings = Surroundings(now=lambda: NOON, record_id=record, seed=1)
    return Filling.start(form_of(workbook), surroundings)
