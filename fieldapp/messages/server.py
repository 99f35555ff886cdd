"""What the command line of the server says (`errors.server`)."""

from __future__ import annotations

from collections.abc import Mapping

from fieldapp import errors as e
from fieldapp.messages.message import Message

SERVER_MESSAGES: Mapping[type[e.FieldAppError], Message] = {
    e.ServerTrouble: Message(
        "서버를 시작하지 못했습니다.", "자료는 건드리지 않았습니다.", "설정을 살펴보세요."
    ),
    e.SchemaTooOld: Message(
        "데이터베이스가 이 서버보다 낡았습니다({found}판, 서버는 {known}판).",
        "자료는 건드리지 않았습니다.",
        "fieldapp server migrate를 먼저 하세요.",
    ),
    e.DatabaseUnreachable: Message(
        "데이터베이스에 연결되지 않습니다.",
        "자료는 건드리지 않았습니다.",
        "DATABASE_URL과 PostgreSQL이 켜져 있는지 살펴보세요.",
    ),
    e.UnknownAccount: Message(
        "'{user}'이라는 계정이 서버에 없습니다.",
        "자료는 건드리지 않았습니다.",
        "fieldapp server add-user로 먼저 만드세요.",
    ),
    e.UnknownReplica: Message(
        "'{replica}'이라는 기기가 서버에 없습니다.",
        "자료는 건드리지 않았습니다.",
        "fieldapp server devices로 기기 번호를 살펴보세요.",
    ),
    e.UnknownScope: Message(
        "'{scope}'이라는 관할이 서버에 없습니다.",
        "자료는 건드리지 않았습니다.",
        "fieldapp server add-scope로 먼저 만드세요.",
    ),
    e.ListVersionTaken: Message(
        "목록 {list}의 {version}판을 내용이 다른 파일로 이미 올렸습니다.",
        "올려 둔 목록은 그대로입니다.",
        "--version에 다음 판 번호를 적어 다시 올리세요.",
    ),
    e.UnknownItem: Message(
        "올려 둔 것 가운데 {name}의 {version}판이 없습니다.",
        "올려 둔 서식과 목록은 그대로입니다.",
        "fieldapp server catalogue로 이름과 판 번호를 살펴보세요.",
    ),
    e.UnknownMark: Message(
        "그런 백업 표시가 서버에 없습니다.",
        "자료는 건드리지 않았습니다.",
        "백업을 시작하기 전에 fieldapp server mark가 알려 준 표시를 적으세요.",
    ),
    e.CertificateRefused: Message(
        "인증서나 그 열쇠를 읽을 수 없거나 둘이 서로 맞지 않습니다.",
        "서버를 켜지 않았고 자료는 건드리지 않았습니다.",
        "--tls-certificate와 --tls-key에 적은 PEM 파일과 그 읽기 권한을 살펴보세요.",
    ),
    e.NotTheOwner: Message(
        "데이터베이스의 소유자가 아니어서 전부를 볼 수 없습니다.",
        "자료는 건드리지 않았습니다.",
        "FIELDAPP_OWNER_URL에 소유자의 주소를 적고 다시 실행하세요.",
    ),
    e.SweepTooEarly: Message(
        "되살린 서버를 노트북들이 아직 다시 채우고 있습니다.",
        "첨부 파일은 하나도 지우지 않았습니다.",
        "모두 다시 주고받은 뒤 fieldapp server refilled를 실행하고 나서 치우세요.",
    ),
    e.SweepDoubtful: Message(
        "첨부 {stored}개 가운데 {lost}개를 아무 기록도 가리키지 않습니다. 폴더와 데이터베이스가 짝이 아닌 듯합니다.",
        "첨부 파일은 하나도 지우지 않았습니다.",
        "--files에 적은 폴더를 살펴보고, 틀림없으면 --even-most를 붙여 다시 실행하세요.",
    ),
}
