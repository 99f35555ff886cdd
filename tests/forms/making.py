"""Forms for the tests of the engine: XLSForm tables turned into XForms by the real pyxform."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import lru_cache

from pyxform.xls2xform import convert

from fieldapp.forms import FormDefinition, Surroundings, read_form

KOREA = timezone(timedelta(hours=9))
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=KOREA)
RECORD_ID = "01a22ee6-b000-78f1-91b7-584a2265b1f5"

SURVEY = """
| survey |
| | type | name | label::한국어 (ko) | label::English (en) | required | relevant | constraint | constraint_message::한국어 (ko) | constraint_message::English (en) | calculation | appearance | hint::한국어 (ko) | hint::English (en) |
| | today | today | | | | | | | | | | | |
| | note | notice | 이름을 적지 않습니다. | No names are taken. | | | | | | | | | |
| | text | batch | 설문 묶음 | Batch | yes | | | | | | | | |
| | integer | serial | 일련번호 | Serial number | yes | | . >= 1 | 1보다 작은 번호는 쓸 수 없습니다 | Not below 1 | | | | |
| | select_one mode | mode | 작성 방법 | How it was filled | yes | | | | | | | | |
| | select_one helper | helper | 도운 사람 | Who helped | yes | ${mode}='helped' | | | | | | | |
| | note | helper_note | ${serial}번은 직원이 돕지 않습니다. | Staff do not help no. ${serial}. | | ${mode}='helped' | | | | | | | |
| | begin_group | items | 서비스는 어떠셨습니까? | How was the service? | | | | | | | field-list | | |
| | select_one agree | q1 | 약속한 시간 | On time | yes | | | | | | | | |
| | select_one agree | q2 | 깨끗해졌다 | Clean | yes | | | | | | | | |
| | select_one agree | q3 | 존중 | Respect | yes | | | | | | | | |
| | end_group | | | | | | | | | | | | |
| | calculate | answered | | | | | | | | if(${q1}>=1 and ${q1}<=5,1,0) + if(${q2}>=1 and ${q2}<=5,1,0) + if(${q3}>=1 and ${q3}<=5,1,0) | | | |
| | calculate | mean5 | | | | | | | | if(${answered}=0, '', round((if(${q1}>=1 and ${q1}<=5,${q1},0) + if(${q2}>=1 and ${q2}<=5,${q2},0) + if(${q3}>=1 and ${q3}<=5,${q3},0)) div ${answered}, 2)) | | | |
| | select_one yn | damage | 파손 | Damage | yes | | | | | | | | |
| | text | damage_note | 어떤 일이었습니까 | What happened | | ${damage}='1' | | | | | multiline | 이름은 적지 마세요 | No names |
| choices |
| | list_name | name | label::한국어 (ko) | label::English (en) |
| | agree | 1 | 전혀 그렇지 않다 | Strongly disagree |
| | agree | 2 | 그렇지 않다 | Disagree |
| | agree | 3 | 보통이다 | Neither |
| | agree | 4 | 그렇다 | Agree |
| | agree | 5 | 매우 그렇다 | Strongly agree |
| | agree | 9 | 무응답 | No answer |
| | yn | 1 | 예 | Yes |
| | yn | 2 | 아니오 | No |
| | mode | self | 본인이 작성 | By the person |
| | mode | helped | 도움받아 작성 | With help |
| | helper | family | 가족 | Family |
| | helper | volunteer | 자원봉사자 | Volunteer |
| settings |
| | form_title | form_id | version | default_language | instance_name |
| | 가사서비스 이용만족도 | P13e | 2026120101 | 한국어 (ko) | concat('설문 ', ${serial}) |
"""  # noqa: E501 (an XLSForm table is as wide as its sheet)

AREAS = """
| survey |
| | type | name | label | relevant | calculation | required | repeat_count |
| | integer | rooms | 방 수 | | | | |
| | begin_repeat | areas | 구역 | | | | |
| | text | place | 곳 | | | | |
| | integer | score | 점수 | | | | |
| | calculate | twice | | | ${score} * 2 | | |
| | text | why | 까닭 | ${score} < 3 | | yes | |
| | begin_repeat | parts | 부분 | | | | |
| | integer | n | 수 | | | | |
| | calculate | of_area | | | ${n} + ${score} | | |
| | end_repeat | | | | | | |
| | end_repeat | | | | | | |
| | begin_repeat | counted | 방 | | | | ${rooms} |
| | text | name | 이름 | | | | |
| | calculate | place_no | | | position(..) | | |
| | end_repeat | | | | | | |
| | calculate | total | | | sum(${score}) | | |
| | calculate | how_many | | | count(${areas}) | | |
| settings |
| | form_title | form_id | version |
| | 구역 | areas | 1 |
"""


@lru_cache
def xform_of(table: str) -> bytes:
    """The XForm that pyxform makes of an XLSForm table."""
    xform: str = convert(table).xform
    return xform.encode()


@lru_cache
def form_of(table: str) -> FormDefinition:
    """The definition of an XLSForm table."""
    return read_form(xform_of(table))


def surroundings(
    now: datetime = NOON, seed: int = 1, *, record_id: str = RECORD_ID, username: str = ""
) -> Surroundings:
    """A clock that stands still, one record, one seed."""
    return Surroundings(now=lambda: now, record_id=record_id, seed=seed, username=username)


def survey_of(rows: str, *, choices: str = "") -> FormDefinition:
    """A form of a few rows `type | name | label | relevant | calculation | constraint`."""
    head = "| survey |\n| | type | name | label | relevant | calculation | constraint |\n"
    lists = f"| choices |\n| | list_name | name | label | kind |\n{choices}" if choices else ""
    return form_of(f"{head}{rows}\n{lists}\n| settings |\n| | form_id | version |\n| | t | 1 |\n")
