"""Error to sentence: what happened, what is safe, what to do next. Korean, no Qt.

Window, command line and server all speak from here. A test sees to it that no error is left
without a message and that a message uses no fact its error does not carry.
"""

from __future__ import annotations

from fieldapp import errors as e
from fieldapp.messages.message import Message as Message
from fieldapp.messages.reasons import BLOB_REASONS as BLOB_REASONS
from fieldapp.messages.reasons import FILE_REASONS as FILE_REASONS
from fieldapp.messages.reasons import FORM_REASONS as FORM_REASONS
from fieldapp.messages.reasons import PASSWORD_RULES as PASSWORD_RULES
from fieldapp.messages.reasons import RECEIPT_REASONS as RECEIPT_REASONS
from fieldapp.messages.reasons import receipt_reason as receipt_reason
from fieldapp.messages.server import SERVER_MESSAGES


class _Facts(dict[str, object]):
    """A fact the raiser left out prints as `-` rather than failing in front of a worker."""

    def __missing__(self, key: str) -> str:
        return "-"


def message_for(error: e.FieldAppError) -> Message:
    """The message of the error's class, or of its nearest ancestor, with its facts filled in."""
    template = next(MESSAGES[kind] for kind in type(error).__mro__ if kind in MESSAGES)
    facts = _Facts(error.facts)
    if isinstance(reason := facts.get("reason"), e.FormReason):
        facts["reason"] = FORM_REASONS[reason].format_map(facts)
    elif isinstance(reason, e.FileReason):
        facts["reason"] = FILE_REASONS[reason]
    elif isinstance(reason, e.BlobReason):
        facts["reason"] = BLOB_REASONS[reason]
    if isinstance(rule := facts.get("rule"), e.PasswordRule):
        facts["rule"] = PASSWORD_RULES[rule]
    column = facts.get("column")
    if isinstance(column, int):
        facts["expression"] = pointed(str(facts["expression"]), column)
    happened = template.happened.format_map(facts)
    if isinstance(column, int) and "{expression}" not in template.happened:
        happened += f"\n{facts['expression']}"
    return Message(
        happened=happened,
        safe=template.safe.format_map(facts),
        next=template.next.format_map(facts),
    )


def pointed(expression: str, column: int, around: int = 40) -> str:
    """An expression with ▶ before a place in it, cut to what stands around the place.

    A mark between the letters rather than a caret below them: no dialog has a font in which Hangul
    and Latin letters are equally wide.
    """
    text = expression[:column] + "▶" + expression[column:]
    start, end = max(0, column - around), column + around + 1
    cut = " ".join(text[start:end].split())
    return f"{'…' if start else ''}{cut}{'…' if end < len(text) else ''}"


_STORED = "적어 둔 기록은 이 노트북에 암호화되어 그대로 있습니다."

# What a form says that brings no words of its own.
ANSWER_REQUIRED = "꼭 답해야 하는 물음입니다."
ANSWER_NOT_ALLOWED = "이 물음에 쓸 수 없는 답입니다."


MESSAGES: dict[type[e.FieldAppError], Message] = {
    e.FieldAppError: Message(
        "일을 마치지 못했습니다.", _STORED, "다시 해 보시고, 되풀이되면 관리자에게 알려 주세요."
    ),
    e.MalformedMessage: Message(
        "주고받은 내용의 형식이 맞지 않습니다({shape}, {place}).",
        _STORED,
        "앱과 서버가 같은 판인지 관리자에게 확인해 주세요.",
    ),
    # Forms
    e.FormTrouble: Message("서식을 열 수 없습니다.", _STORED, "서식 관리자에게 알려 주세요."),
    e.FormRefused: Message(
        "서식 '{form}'을(를) 열 수 없습니다. {node}: {reason}",
        "이미 적은 기록은 그대로 있습니다.",
        "서식 관리자에게 이 문장을 보여 주세요.",
    ),
    e.ListFileRefused: Message(
        "목록 파일 '{file}'을(를) 읽을 수 없습니다(줄 {line}). {reason}.",
        "이미 적은 기록과 다른 목록은 그대로 있습니다.",
        "파일을 고쳐 다시 넣거나 서식 관리자에게 이 문장을 보여 주세요.",
    ),
    e.ExpressionRefused: Message(
        "식을 읽을 수 없습니다: {expression} ({reason})",
        "이미 적은 기록은 그대로 있습니다.",
        "서식 관리자에게 이 문장을 보여 주세요.",
    ),
    e.AnswerRefused: Message(
        "이 칸에 쓸 수 없는 값입니다.",
        "앞서 적은 값은 그대로 있습니다.",
        "칸의 종류에 맞게 다시 적어 주세요.",
    ),
    e.UnknownPath: Message(
        "이 서식에 없는 칸입니다: {path}", _STORED, "서식의 판을 확인해 주세요."
    ),
    e.PictureRefused: Message(
        "사진으로 읽을 수 없는 파일입니다.",
        "적은 답과 앞서 붙인 사진은 그대로 있습니다.",
        "40MB보다 작은 JPG, PNG, WEBP 사진을 골라 주세요.",
    ),
    # Packs
    e.PackTrouble: Message("서식 파일을 쓸 수 없습니다.", _STORED, "서식 관리자에게 알려 주세요."),
    e.PackRefused: Message(
        "서식 파일 '{file_name}'에 고칠 곳이 {count}군데 있어 들이지 않았습니다.\n{first}",
        "지금 쓰고 있는 서식과 기록은 그대로입니다.",
        "엑셀에서 표시된 칸을 고친 뒤 다시 넣어 주세요.",
    ),
    e.PackMissing: Message(
        "이 기록의 서식({form_id}, {version}판)이 이 노트북에 없습니다.",
        "기록은 그대로 보관하고 있습니다.",
        "주고받기를 한 번 하거나 서식 관리자에게 그 판을 받으세요.",
    ),
    e.PackVersionTaken: Message(
        "서식 {form_id}의 {version}판이 이미 있는데 내용이 다른 파일입니다.",
        "지금 쓰고 있는 서식과 기록은 그대로입니다.",
        "엑셀의 settings 시트에서 version을 올린 뒤 다시 넣어 주세요.",
    ),
    e.PackUnreadable: Message(
        "받은 서식 {form_id}의 {version}판을 이 앱이 읽지 못했습니다.",
        "지금 쓰고 있는 서식과 기록은 그대로입니다.",
        "앱을 새 판으로 바꾸면 쓸 수 있습니다.",
    ),
    # Keys
    e.KeyTrouble: Message("기록을 열 수 없습니다.", "기록은 그대로 있습니다.", "다시 해 보세요."),
    e.WrongPassword: Message(
        "비밀번호가 맞지 않습니다.",
        "기록은 그대로 있습니다.",
        "한/영과 Caps Lock을 살펴보세요. 잊으셨으면 팀장에게 복구코드를 받으세요.",
    ),
    e.WeakPassword: Message(
        "이 비밀번호는 쓸 수 없습니다. {rule}",
        "아직 아무것도 바뀌지 않았습니다.",
        "다른 비밀번호를 적어 주세요.",
    ),
    e.KeyFileDamaged: Message(
        "열쇠 파일을 읽을 수 없습니다.",
        "기록 파일은 건드리지 않았습니다.",
        "예비본에서 열쇠 파일을 되돌리거나 관리자에게 복구를 맡기세요.",
    ),
    e.TooManyAttempts: Message(
        "비밀번호가 여러 번 맞지 않아 잠시 기다려야 합니다.",
        "기록은 그대로 있습니다.",
        "조금 뒤에 다시 해 보세요. 잊으셨으면 복구코드로 열 수 있습니다.",
    ),
    e.RecoveryNeeded: Message(
        "비밀번호가 열 번 맞지 않아 이제 비밀번호로는 열 수 없습니다.",
        "기록은 그대로 있습니다.",
        "'비밀번호를 잊었습니다'를 눌러 복구 요청 파일을 만들고 복구코드를 받으세요.",
    ),
    e.RecoveryMissing: Message(
        "이 프로필에는 복구코드가 마련되어 있지 않습니다.",
        "기록은 그대로 있습니다.",
        "비밀번호로 열어 주세요.",
    ),
    e.RecoveryCodeMistyped: Message(
        "복구코드의 글자가 맞지 않습니다.",
        "기록은 그대로 있습니다.",
        "다섯 글자씩 다섯 묶음을 다시 살펴보고 적어 주세요.",
    ),
    e.RecoveryCodeWrong: Message(
        "이 프로필의 복구코드가 아닙니다.",
        "기록은 그대로 있습니다.",
        "복구코드는 한 번만 쓸 수 있습니다. 요청 파일을 새로 만들어 코드를 다시 받으세요.",
    ),
    e.RecoveryFileRefused: Message(
        "복구에 쓰는 파일({name})을 읽을 수 없거나 다른 열쇠의 것입니다.",
        "아무것도 바뀌지 않았습니다.",
        "파일과 열쇠가 서로 맞는지 살펴보세요.",
    ),
    e.KeyringMissing: Message(
        "이 컴퓨터의 열쇠 보관함(키링)을 쓸 수 없습니다.",
        "기록과 비밀번호는 그대로 있습니다.",
        "컴퓨터에 다시 로그인한 뒤 해 보시고, 그때까지는 비밀번호로 열어 주세요.",
    ),
    # Store
    e.StoreTrouble: Message(
        "저장소를 쓸 수 없습니다.", "기록 파일은 건드리지 않았습니다.", "다시 해 보세요."
    ),
    e.RoomMissing: Message(
        "노트북의 빈 공간이 모자랍니다({needed_mb}MB 필요, {free_mb}MB 남음).",
        "아직 시작하지 않았고 기록은 그대로 있습니다.",
        "공간을 비운 뒤 다시 해 보세요.",
    ),
    e.StoreFull: Message(
        "노트북 저장 공간이 가득 차 방금 적은 글을 파일에 쓰지 못했습니다.",
        "적으신 글은 이 화면에 있고, 앞서 저장한 것은 그대로 있습니다.",
        "이 창을 닫지 말고 공간을 비운 뒤 다시 저장을 누르세요.",
    ),
    e.StoreDamaged: Message(
        "기록 파일을 읽을 수 없습니다.",
        "파일은 건드리지 않고 그대로 두었습니다.",
        "화면을 잠갔다가 다시 열면 예비본으로 되살릴 수 있습니다.",
    ),
    e.StoreUnreadable: Message(
        "기록 파일을 열 수 없습니다. 옮겨졌거나 쓸 수 없는 곳에 있습니다.",
        "파일은 건드리지 않았습니다.",
        "파일이 있던 자리와 쓰기 권한을 살펴보고 다시 여세요.",
    ),
    e.StoreMoved: Message(
        "기록 파일이 있던 자리에 없어 방금 적은 글을 쓰지 못했습니다.",
        "적으신 글은 이 화면에 있고, 옮겨지거나 지워진 파일에는 아무것도 쓰지 않았습니다.",
        "이 창을 닫지 말고 파일을 제자리에 되돌린 뒤 다시 저장을 누르세요.",
    ),
    e.StoreUnwritable: Message(
        "디스크가 쓰기를 받지 않아 방금 적은 글을 파일에 쓰지 못했습니다. 쓰기 금지로 바뀌었거나 고장일 수 있습니다.",
        "적으신 글은 이 화면에 있고, 앞서 저장한 것은 그대로 있습니다.",
        "이 창을 닫지 말고 디스크 연결과 남은 공간을 살펴본 뒤 다시 저장을 누르세요. 되풀이되면 전산 담당자에게 알리세요.",
    ),
    e.StoreTooNew: Message(
        "더 새로운 앱이 만든 기록 파일입니다({found}판, 이 앱은 {known}판까지).",
        "파일은 건드리지 않았습니다.",
        "앱을 새 판으로 바꾼 뒤 여세요.",
    ),
    e.StoreInUse: Message(
        "이 사람의 기록이 다른 창에서 열려 있습니다.",
        "기록은 그대로 있습니다.",
        "열려 있는 창을 쓰거나 그 창을 닫고 다시 여세요.",
    ),
    e.StoreExists: Message(
        "그 자리에 이미 기록 파일이 있습니다.",
        "있던 파일은 건드리지 않았습니다.",
        "다른 이름을 고르거나 있는 기록을 여세요.",
    ),
    e.StoreLocked: Message(
        "화면이 잠겨 하던 일을 마치지 못했습니다.",
        _STORED,
        "비밀번호로 다시 연 뒤 이어서 하세요.",
    ),
    e.RecordMissing: Message(
        "그 기록이 이 노트북에 없습니다.", _STORED, "주고받기를 한 뒤 다시 찾아보세요."
    ),
    e.EntityMissing: Message(
        "이 노트북에 없는 대상입니다.",
        _STORED,
        "주고받기를 한 뒤 다시 찾아보세요.",
    ),
    e.BackupDamaged: Message(
        "예비본이 온전하지 않거나 이 사람의 열쇠로 열리지 않습니다.",
        "쓰시던 기록은 건드리지 않았습니다.",
        "다른 예비본을 고르거나 지금 새로 만드세요.",
    ),
    e.BackupMissing: Message(
        "쓸 수 있는 예비본이 없습니다.",
        "쓰시던 기록은 건드리지 않았습니다.",
        "예비본을 둔 다른 저장 장치를 꽂고 다시 해 보세요.",
    ),
    e.BackupPlaceRefused: Message(
        "이 폴더는 기록이 있는 바로 그 자리여서 둘째 곳으로 쓸 수 없습니다.",
        "예비본은 지금까지처럼 이 노트북 안에 만듭니다.",
        "다른 저장 장치의 폴더를 고르세요.",
    ),
    e.BlobMissing: Message(
        "붙인 파일이 이 노트북에 없습니다.",
        _STORED,
        "파일을 붙인 노트북에서 주고받기를 하면 볼 수 있습니다.",
    ),
    e.BlobDamaged: Message(
        "붙인 파일이 손상되어 열 수 없습니다.",
        "적어 둔 답은 그대로 있습니다.",
        "파일을 다시 붙이거나 관리자에게 알려 주세요.",
    ),
    e.BlobRefused: Message(
        "파일을 붙이지 않았습니다. {reason}.",
        "적어 둔 답은 그대로 있습니다.",
        "사진(JPG, PNG)이나 PDF를 20MB 이하로 골라 주세요.",
    ),
    # Workflow
    e.WorkflowTrouble: Message(
        "지금은 그 단계로 갈 수 없습니다.",
        "적은 내용은 작성 중으로 두었습니다.",
        "화면의 안내를 따라 채운 뒤 다시 하세요.",
    ),
    e.TransitionRefused: Message(
        "'{label}'을(를) 할 수 없습니다. {reason}",
        "적은 내용은 작성 중으로 두었습니다.",
        "고친 뒤 다시 하세요.",
    ),
    e.StepMissing: Message(
        "지금 상태에서는 '{label}'(으)로 갈 수 없습니다.",
        "적은 내용은 작성 중으로 두었습니다.",
        "주고받기를 한 뒤 기록의 상태를 살펴보세요.",
    ),
    e.RoleMissing: Message(
        "이 역할로는 '{label}'을(를) 할 수 없습니다.",
        "적은 내용은 작성 중으로 두었습니다.",
        "이 일을 맡은 사람에게 부탁하세요.",
    ),
    e.ReasonMissing: Message(
        "'{label}'에는 사유가 필요합니다.",
        "적은 내용은 작성 중으로 두었습니다.",
        "사유를 한 줄 적고 다시 하세요.",
    ),
    e.FilterNameTaken: Message(
        "'{name}'이라는 조건이 이미 있습니다.",
        "저장한 조건은 모두 그대로입니다.",
        "다른 이름을 적어 주세요.",
    ),
    e.NothingChanged: Message(
        "바뀐 답이 없습니다.", "기록은 그대로 있습니다.", "고칠 칸이 있으면 고친 뒤 마치세요."
    ),
    e.WeakPin: Message(
        "숫자 네 자리가 아니거나 너무 쉬운 번호입니다.",
        "지금까지 쓰던 번호는 그대로입니다.",
        "서로 다른 숫자로 네 자리를 정하세요.",
    ),
    e.WrongPin: Message(
        "{name} 님의 번호가 아닙니다.",
        "점검표는 그대로이며 서명하지 않았습니다.",
        "본인이 네 자리를 다시 누르세요.",
    ),
    e.SeatTaken: Message(
        "{name} 님은 이미 다른 조사원으로 서명했거나 적은 사람입니다.",
        "점검표는 그대로이며 서명하지 않았습니다.",
        "다른 조사원이 서명하세요.",
    ),
    e.DraftInTheWay: Message(
        "이 기록을 고치던 것이 작성 중으로 남아 있습니다.",
        "작성 중인 것과 보류된 내용은 모두 그대로 있습니다.",
        "기록 화면에서 작성 중인 것을 마치거나 지운 뒤 다시 하세요.",
    ),
    e.NotToSignYet: Message(
        "'{state}' 상태에서는 서명할 수 없습니다.",
        "적은 내용은 그대로 있습니다.",
        "점검표를 마친 뒤 서명하세요.",
    ),
    e.PinMissing: Message(
        "{name} 님이 아직 네 자리 번호를 정하지 않았습니다.",
        "점검표는 그대로이며 서명하지 않았습니다.",
        "본인의 노트북에서 서명하거나 번호를 정한 뒤 주고받으세요.",
    ),
    e.AnswersIncomplete: Message(
        "{count}칸을 더 살펴 주세요.",
        "적은 내용은 작성 중으로 두었습니다.",
        "Enter를 누르면 첫 칸으로 갑니다.",
    ),
    # Exchange
    e.ExchangeTrouble: Message(
        "주고받기를 마치지 못했습니다.", _STORED, "계속 일하시고 나중에 다시 보내세요."
    ),
    e.ServerUnreachable: Message(
        "서버에 연결되지 않아 보내지 못했습니다.",
        "기록 {unsent}건은 이 노트북에 암호화되어 있습니다.",
        "계속 일하셔도 됩니다. 인터넷이 되는 곳에서 다시 보내세요.",
    ),
    e.ServerFailed: Message(
        "서버가 일을 마치지 못했습니다({status}).",
        "보내지 않은 기록 {unsent}건은 이 노트북에 암호화되어 있습니다.",
        "잠시 뒤 다시 보내고, 되풀이되면 관리자에게 알려 주세요.",
    ),
    e.ServerBusy: Message(
        "서버가 바빠서 지금은 주고받지 못합니다.",
        "보내지 않은 기록 {unsent}건은 이 노트북에 암호화되어 있습니다.",
        "계속 일하시고 몇 분 뒤에 다시 주고받으세요.",
    ),
    e.SignInRefused: Message(
        "서버가 아이디나 비밀번호를 받지 않았습니다.",
        _STORED,
        "서버 비밀번호를 다시 적어 보세요. 이 노트북을 여는 비밀번호와는 다른 것입니다.",
    ),
    e.EnrolRefused: Message(
        "등록 코드가 맞지 않거나 이미 쓰였거나 기한이 지났습니다.",
        _STORED,
        "관리자에게 새 등록 코드를 받으세요.",
    ),
    e.MembershipMissing: Message(
        "이 노트북은 지금 서버와 주고받을 수 없게 되어 있습니다.",
        _STORED,
        "관리자에게 이 노트북의 등록을 확인해 주세요.",
    ),
    e.ProtocolTooOld: Message(
        "이 앱은 오래된 판이어서 서버와 말이 통하지 않습니다(앱 {ours}, 서버 {theirs}).",
        _STORED,
        "앱을 새 판으로 바꾼 뒤 다시 주고받아 주세요.",
    ),
    e.ProtocolTooNew: Message(
        "서버가 오래된 판이어서 이 앱과 말이 통하지 않습니다(앱 {ours}, 서버 {theirs}).",
        _STORED,
        "관리자에게 서버를 새 판으로 바꾸어 달라고 알려 주세요.",
    ),
    e.ReplicaCloned: Message(
        "이 노트북에서 복사한 기록 파일이 다른 곳에서 같은 때에 주고받고 있습니다.",
        _STORED,
        "잠시 뒤 다시 주고받고, 되풀이되면 관리자에게 알려 주세요.",
    ),
    e.ReplicaDrained: Message(
        "반납 준비 중인 노트북이라 보내기만 하고 받지 않습니다.",
        _STORED,
        "모두 보낸 뒤 관리자에게 반납하세요.",
    ),
    e.ReplicaRevoked: Message(
        "이 노트북은 사용 중지되어 서버와 주고받지 않습니다.",
        "보내지 않은 기록 {unsent}건은 지우지 않았고 이 노트북에 암호화되어 있습니다.",
        "관리자에게 알려 주세요. 반납 준비로 바꾸면 보낼 수 있고, 예비본으로 옮겨 둘 수도 있습니다.",
    ),
    e.Cancelled: Message(
        "주고받기를 멈추었습니다.",
        "보내지 않은 기록 {unsent}건은 이 노트북에 암호화되어 있습니다.",
        "이어서 하려면 다시 주고받기를 누르세요.",
    ),
    e.AddressRefused: Message(
        "이 서버 주소로는 주고받을 수 없습니다: {address}",
        _STORED,
        "https://로 시작하는 주소가 맞는지 살펴보고 다시 적어 주세요.",
    ),
    **SERVER_MESSAGES,
    # Printing
    e.PrintTrouble: Message(
        "출력물을 만들지 못했습니다.", "기록은 그대로 있습니다.", "다시 해 보세요."
    ),
    e.GlyphMissing: Message(
        "출력할 수 없는 글자가 있습니다({codepoint}, {place}).",
        "기록은 그대로 있습니다.",
        "그 글자를 다른 글자로 바꾼 뒤 다시 출력하세요.",
    ),
    e.PurposeMissing: Message(
        "출력하는 용도가 비어 있습니다.",
        "아직 아무것도 내보내지 않았습니다.",
        "용도를 고른 뒤 다시 누르세요.",
    ),
    e.TotalsDiffer: Message(
        "'{caption}'의 합계({total})와 나눈 값의 합({parts})이 다릅니다.",
        "기록은 그대로이며 인쇄만 멈추었습니다.",
        "표시된 칸을 눌러 빠진 기록을 보세요.",
    ),
    e.FileNotWritten: Message(
        "파일을 쓰지 못했습니다({reason}).",
        "기록은 그대로 있습니다.",
        "다른 폴더를 고르거나 공간을 비운 뒤 다시 하세요.",
    ),
}
