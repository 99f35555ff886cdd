"""What to tell when pyxform did not refuse a workbook but broke: by the column that broke it."""

from __future__ import annotations

from typing import Final

from fieldapp.packs.findings import shown
from fieldapp.packs.sayings.saying import Told

#: Columns that are written `bind::readonly`: without the second half pyxform breaks.
_GROUPS: Final = frozenset({"bind", "body", "control", "instance", "media", "attribute", "action"})
#: The names of XML attributes that pyxform's own functions already use.
_TAKEN: Final = frozenset({"tag", "nodeset", "toparsestring"})
#: What Python says when groups or brackets stand in each other too deeply.
_TOO_DEEP: Final = "RecursionError"
_NO_COLUMN_KO: Final = "최근에 바꾼 열이나 행을 되돌려 보세요."
_NO_COLUMN_EN: Final = "Undo the last changes of rows and columns."


def crash_told(kind: str, sheet: str, row: int, column: str) -> Told:
    """A crash of this kind (the exception's name), at the place that was found for it, if any."""
    problem, remedy, english = _sentences(kind, column)
    return Told("crash", sheet or "survey", row, column, problem, remedy, english, {})


def _sentences(kind: str, column: str) -> tuple[str, str, tuple[str, str]]:
    group, separator, attribute = (part.strip() for part in column.partition("::"))
    name = shown(column)
    if kind == _TOO_DEEP and not column:
        return (
            "묶음이나 괄호가 너무 깊이 겹쳐 있어 서식을 만들지 못했습니다.",
            "begin과 end의 짝을 살펴보고 묶음을 덜 겹치게 나누세요.",
            (
                "Groups or brackets are nested too deeply.",
                "Check the pairs of begin and end, and nest less.",
            ),
        )
    if group.lower() in _GROUPS and not separator:
        return (
            f"열 이름 '{name}'에 '::'과 그 뒤의 이름이 빠져 서식을 만들지 못했습니다.",
            f"'{name}::이름'으로 고치거나 그 열을 지우세요.",
            (
                f"The head '{name}' lacks '::' and a name after it; pyxform broke on it.",
                f"Write {name}::name, or remove the column.",
            ),
        )
    if separator and attribute.lower() in _TAKEN:
        return (
            f"'{shown(attribute)}'은(는) pyxform이 스스로 쓰는 이름이라 서식을 만들지 못했습니다.",
            f"열 이름을 '{shown(group)}::다른이름'으로 고치거나 그 열을 지우세요.",
            (
                f"pyxform uses the name '{shown(attribute)}' itself and broke on the column.",
                f"Rename it to {shown(group)}::another_name, or remove it.",
            ),
        )
    if column:
        return (
            f"'{name}' 열에 적힌 것 때문에 서식을 만들지 못했습니다(pyxform {kind}).",
            "그 칸을 비우거나 열 이름과 값을 고치세요.",
            (
                f"What stands in the column '{name}' broke pyxform ({kind}).",
                "Clear the cell, or mend its head and value.",
            ),
        )
    return (
        f"pyxform이 서식을 만들지 못했습니다({kind}).",
        _NO_COLUMN_KO,
        (f"pyxform broke on this form ({kind}).", _NO_COLUMN_EN),
    )
