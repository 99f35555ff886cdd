"""Why something was refused, in a phrase for each reason."""

from __future__ import annotations

from fieldapp import errors as e

# What is wrong with a form or with an expression in it; `name` is what the form's writer wrote.
FORM_REASONS: dict[e.FormReason, str] = {
    e.FormReason.NOT_XML: "XML 파일이 아니거나 깨져 있습니다",
    e.FormReason.HOSTILE_XML: "서식에 있을 수 없는 XML 선언(DOCTYPE, 엔티티)이 들어 있습니다",
    e.FormReason.BAD_ENCODING: "글자 부호화(인코딩)가 XML 선언과 다릅니다",
    e.FormReason.TOO_LARGE: "허용된 크기를 넘습니다",
    e.FormReason.TOO_DEEP: "너무 깊이 겹쳐 있습니다",
    e.FormReason.NO_MODEL: "model이 없습니다",
    e.FormReason.NO_INSTANCE: "답을 담을 instance가 없거나 비어 있습니다",
    e.FormReason.NO_BODY: "body가 없습니다",
    e.FormReason.DUPLICATE_NAME: "같은 자리에 '{name}'이라는 이름이 두 번 있습니다",
    e.FormReason.DUPLICATE_BIND: "bind가 두 번 있습니다",
    e.FormReason.UNKNOWN_NODE: "'{name}'이라는 칸이 서식에 없습니다",
    e.FormReason.UNKNOWN_TYPE: "'{name}'이라는 자료형을 모릅니다",
    e.FormReason.UNKNOWN_TEXT: "'{name}'이라는 번역 문구가 없습니다",
    e.FormReason.UNKNOWN_INSTANCE: "'{name}'이라는 목록이 서식에 없습니다",
    e.FormReason.UNKNOWN_EVENT: "setvalue의 사건(event) '{name}'을(를) 모릅니다",
    e.FormReason.MISPLACED_EVENT: "'{name}' 사건은 반복 구역 안의 setvalue에만 쓸 수 있습니다",
    e.FormReason.UNKNOWN_METHOD: "제출 방법 '{name}'을(를) 모릅니다",
    e.FormReason.CYCLE: "서로를 물고 도는 식이 있습니다: {name}",
    e.FormReason.NOT_THIS_FORM: "다른 서식의 제출본입니다",
    e.FormReason.MISSING_FILE: "목록 파일 '{name}'이(가) 없어 고를 것이 없습니다",
    e.FormReason.UNKNOWN_CONTROL: "'{name}'은(는) 이 앱이 하지 못해 뺐습니다",
    e.FormReason.MISSING_BOUND: "범위 문항에 {name} 값이 없습니다",
    e.FormReason.BAD_BOUND: "범위 문항의 '{name}'은(는) 숫자가 아닙니다",
    e.FormReason.BAD_MEDIA: "'{name}'은(는) 파일 종류(image/*, audio/*처럼)가 아닙니다",
    e.FormReason.MANY_ROOTS: "instance 안에 '{name}'이(가) 하나 더 있어 첫째 것만 씁니다",
    e.FormReason.NOT_TEXT: "UTF-8도 한글 엑셀(cp949)도 아닌 글자로 되어 있습니다",
    e.FormReason.NOT_JSON: "JSON이 아니거나 깨져 있습니다",
    e.FormReason.NOT_FEATURES: "GeoJSON의 FeatureCollection이 아닙니다",
    e.FormReason.BAD_GEOMETRY: "점(Point), 선(LineString), 면(Polygon)이 아니거나 좌표가 잘못되었습니다",
    e.FormReason.BROKEN_TABLE: "따옴표가 닫히지 않았거나 표가 깨져 있습니다",
    e.FormReason.EMPTY_COLUMN: "{name}번째 열의 이름이 비어 있습니다",
    e.FormReason.BAD_COLUMN: "열 이름 '{name}'은(는) 글자로 시작해 글자, 숫자, -, _, .만으로 적어야 합니다",
    e.FormReason.TWIN_COLUMN: "'{name}'이라는 이름이 두 번 있습니다",
    e.FormReason.LONG_ROW: "칸이 {name}개로 제목 줄보다 많습니다",
    e.FormReason.EMPTY: "식이 비어 있습니다",
    e.FormReason.UNKNOWN_CHARACTER: "쓸 수 없는 글자 '{name}'이(가) 있습니다",
    e.FormReason.OPEN_QUOTE: "따옴표가 닫히지 않았습니다",
    e.FormReason.UNEXPECTED: "'{name}'이(가) 올 자리가 아닙니다",
    e.FormReason.ENDS_EARLY: "식이 끝나지 않았습니다",
    e.FormReason.VARIABLE: "변수 '{name}'은(는) 쓸 수 없습니다",
    e.FormReason.UNKNOWN_AXIS: "'{name}'이라는 축을 모릅니다",
    e.FormReason.UNKNOWN_FUNCTION: "'{name}'이라는 함수를 모릅니다",
    e.FormReason.UNKNOWN_PREFIX: "이름 앞의 '{name}:'이 무엇인지 서식에 적혀 있지 않습니다",
    e.FormReason.FOREIGN_FUNCTION: (
        "'{name}'은(는) CHT에만 있는 함수입니다(ODK 함수로 고쳐 쓰면 열립니다)"
    ),
    e.FormReason.ARGUMENT_COUNT: "함수 '{name}'에 준 값의 개수가 맞지 않습니다",
    e.FormReason.NOT_NODES: "'{name}' 자리에는 칸을 가리키는 경로가 와야 합니다",
    e.FormReason.NOT_POINTS: "'{name}'은(는) 위도와 경도로 된 좌표가 아닙니다",
    e.FormReason.BAD_PATTERN: "정규식 '{name}'을(를) 읽을 수 없습니다",
    e.FormReason.TOO_MUCH_WORK: "끝없이 많은 계산을 시키는 식입니다('{name}')",
}

PASSWORD_RULES: dict[e.PasswordRule, str] = {
    e.PasswordRule.TOO_SHORT: "12자 이상, 또는 글자·숫자·기호 가운데 세 가지를 섞어 9자 이상이어야 합니다.",
    e.PasswordRule.TOO_LONG: "200자를 넘을 수 없습니다.",
    e.PasswordRule.TOO_SIMPLE: "같은 글자가 되풀이되거나 순서대로 이어져 쉽게 짐작됩니다.",
    e.PasswordRule.TOO_COMMON: "누구나 먼저 해 보는 낱말이나 자판 순서입니다. 숫자나 기호를 덧붙여도 같습니다.",
}

# Why a printed file was not written.
FILE_REASONS: dict[e.FileReason, str] = {
    e.FileReason.FULL: "저장 공간이 가득 찼습니다",
    e.FileReason.REFUSED: "쓸 권한이 없거나 다른 프로그램이 그 파일을 열고 있습니다",
    e.FileReason.READ_ONLY: "쓸 수 없는 매체입니다",
    e.FileReason.NO_FOLDER: "그 폴더가 없습니다",
    e.FileReason.IS_FOLDER: "같은 이름의 폴더가 있습니다",
    e.FileReason.EXISTS: "같은 이름의 파일이 이미 있습니다",
    e.FileReason.LONG_NAME: "파일 이름이 너무 깁니다",
    e.FileReason.DEVICE: "저장 장치에서 오류가 났습니다",
    e.FileReason.EXCEL_LIMIT: "엑셀이 담을 수 있는 크기를 넘습니다",
}

# Why a file was not taken as an attachment.
BLOB_REASONS: dict[e.BlobReason, str] = {
    e.BlobReason.EMPTY: "빈 파일입니다",
    e.BlobReason.TOO_LARGE: "20MB를 넘는 파일입니다",
    e.BlobReason.UNKNOWN_KIND: "붙일 수 없는 종류의 파일입니다",
}

# Why the server has not taken a record: the receipt's code (sync protocol) in words.
RECEIPT_REASONS: dict[str, str] = {
    "unknown_form": "서버에 이 서식이 아직 없습니다. 서식 관리자에게 알려 주세요.",
    "unknown_object": "서버에 이 기록의 처음 내용이 없습니다. 관리자에게 알려 주세요.",
    "not_a_member": "이 관할에 적을 권한이 없습니다. 팀장에게 확인하세요.",
    "base_waits": "앞서 적은 내용이 보류되어 함께 기다립니다.",
    "base_not_visible": "이 기록을 볼 수 있는 관할이 아닙니다. 팀장에게 확인하세요.",
    "op_mutated": "같은 번호로 다른 내용이 왔습니다. 관리자에게 알려 주세요.",
    "unreadable": "서버가 이 내용을 읽지 못합니다. 앱을 새 판으로 바꾸고, 그래도 남으면 관리자에게 알려 주세요.",
    "unsupported": "서버가 아직 다루지 못하는 내용입니다. 관리자에게 알려 주세요.",
    "step_refused": "지금 상태에서는 갈 수 없는 단계입니다. 기록을 열어 살펴보세요.",
    "replica_cloned": "복사된 기록 파일로 보입니다. 관리자에게 알려 주세요.",
    "replica_drained": "반납 준비 중인 노트북입니다. 보내기만 하고 받지 않습니다.",
    "replica_revoked": "사용 중지된 노트북입니다. 관리자에게 알려 주세요.",
    "seq_gap": "앞선 기록이 아직 서버에 닿지 않았습니다. 다시 주고받으세요.",
    "id_taken": "같은 번호의 다른 기록이 서버에 있습니다. 관리자에게 알려 주세요.",
    "role_missing": "이 역할로는 다른 곳에 보내거나 함께 보게 할 수 없습니다. 팀장에게 부탁하세요.",
    "not_the_author": "다른 사람의 이름으로 적힌 기록입니다. 적은 사람이 보내야 합니다.",
    "not_storable": "저장할 수 없는 글자가 들어 있습니다. 기록을 열어 고쳐 주세요.",
    "locked": "확인이 끝나 잠긴 기록입니다. 고친 내용은 정정 요청으로 남고, 확인하는 사람이 받으면 반영됩니다.",
    "co_signer": "한 사람이 두 자리에 서명할 수 없습니다. 다른 조사원이 서명해야 합니다.",
    "deleted": "다른 사람이 지운 기록입니다. 적으신 내용은 이 노트북에 그대로 있으니 필요하면 새 기록으로 옮겨 적으세요.",
    "not_deletable": "다른 사람이 이어 쓰거나 가리키는 기록이라 지울 수 없습니다. 개인정보 보호책임자에게 알려 주세요.",
    "changed_since": "지우는 사이 다른 사람이 고쳤습니다. 바뀐 내용을 살펴본 뒤 다시 지우세요.",
    "signature_void": "서명한 뒤에 답이 바뀌었습니다. 바뀐 내용을 보고 다시 서명해 주세요.",
}


def receipt_reason(code: str | None) -> str:
    """Why a record waits; without a code it simply has not been sent yet."""
    if code is None:
        return "다음 주고받기에서 보냅니다."
    return RECEIPT_REASONS.get(code, "서버가 받지 않았습니다. 관리자에게 알려 주세요.")
