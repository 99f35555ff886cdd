"""What pyxform says of entity lists: the entities sheet and the save_to column."""

from __future__ import annotations

from typing import Final

from fieldapp.packs.sayings.saying import Saying

ENTITIES: Final = (
    Saying(
        "ENTITY_001",
        r"add an entities sheet",
        ko=(
            "save_to가 있으나 entities 시트에 대상 목록이 없습니다.",
            "entities 시트에 대상 목록을 적거나 save_to 칸을 비우세요.",
        ),
        en=(
            "There is a save_to, but the entities sheet declares no list.",
            "Declare the list on the entities sheet, or clear save_to.",
        ),
        column="save_to",
    ),
    Saying(
        "ENTITY_002",
        r"property '(?P<property>.*?)' is already assigned by row '(?P<other>.*?)'",
        ko=(
            "속성 '{property}'을(를) {other}행에서 이미 적고 있습니다.",
            "두 행 가운데 하나의 save_to를 지우거나 바꾸세요.",
        ),
        en=(
            "Row {other} already writes the property '{property}'.",
            "Clear or change save_to in one of the two rows.",
        ),
        column="save_to",
    ),
    Saying(
        "ENTITY_003",
        r"Groups and repeats can't be saved|save_to in group or repeat",
        ko=(
            "묶음이나 반복에는 save_to를 적을 수 없습니다.",
            "save_to를 그 안의 문항으로 옮기세요.",
        ),
        en=(
            "A group or repeat cannot be saved as a property.",
            "Move save_to to a question inside it.",
        ),
        column="save_to",
    ),
    Saying(
        "ENTITY_004",
        r"list name '(?P<dataset>.*?)' was not found on the entities",
        ko=(
            "대상 목록 '{dataset}'이(가) entities 시트에 없습니다.",
            "목록 이름의 철자를 맞추거나 entities 시트에 그 목록을 적으세요.",
        ),
        en=(
            "The entity list '{dataset}' is not on the entities sheet.",
            "Check its spelling, or add it to the entities sheet.",
        ),
        column="save_to",
    ),
    Saying(
        "ENTITY_005",
        r"list name '(?P<dataset>.*?)' does not have a label",
        ko=(
            "새 대상을 만드는 목록 '{dataset}'에 label이 없습니다.",
            "label 칸을 채우거나, 고치기만 하려면 entity_id를 적으세요.",
        ),
        en=(
            "The list '{dataset}' creates entities but has no label.",
            "Fill label; to update only, give an entity_id.",
        ),
        sheet="entities",
        column="label",
    ),
    Saying(
        "ENTITY_006",
        r"list name '(?P<dataset>.*?)' does not have an 'update_if'",
        ko=(
            "만들기도 하고 고치기도 하는 목록 '{dataset}'에 update_if가 없습니다.",
            "update_if를 적거나, 만들기만 하려면 entity_id를 지우세요.",
        ),
        en=(
            "The list '{dataset}' creates and updates, but has no update_if.",
            "Give an update_if; to create only, remove entity_id.",
        ),
        sheet="entities",
        column="update_if",
    ),
    Saying(
        "ENTITY_007",
        r"list name '(?P<dataset>.*?)' does not have an 'entity_id'",
        ko=(
            "대상을 고치는 목록 '{dataset}'에 entity_id가 없습니다.",
            "entity_id를 적거나, 만들기만 하려면 update_if의 식을 create_if로 옮기세요.",
        ),
        en=(
            "The list '{dataset}' updates entities but has no entity_id.",
            "Give an entity_id; to create only, move update_if to create_if.",
        ),
        sheet="entities",
        column="entity_id",
    ),
    Saying(
        "ENTITY_008",
        r"more than one entity declaration, 'save_to'",
        ko=(
            "대상 목록이 둘 이상이라 어느 목록의 속성인지 알 수 없습니다.",
            "save_to에 '목록#속성'으로 적으세요.",
        ),
        en=(
            "With several entity lists it is unclear whose property this is.",
            "Write save_to as list#property.",
        ),
        column="save_to",
    ),
    Saying(
        "ENTITY_009",
        r"scope: '(?P<scope>.*?)', which has been allocated to the entity on row '(?P<other>.*?)'",
        ko=(
            "한 묶음에서는 대상 목록 하나만 고칠 수 있습니다('{scope}': {other}행).",
            "두 목록의 save_to 문항을 서로 다른 묶음에 두세요.",
        ),
        en=(
            "A group holds one entity list; '{scope}' is taken by the list in row {other}.",
            "Put the save_to questions of the two lists into different groups.",
        ),
        sheet="entities",
        column="list_name",
    ),
    Saying(
        "ENTITY_011",
        r"list name '(?P<dataset>.*?)' has a reference in container scope '(?P<other>.*?)' which "
        r"is not compatible with this 'save_to' reference in scope '(?P<scope>.*?)'",
        ko=(
            "목록 '{dataset}'의 값이 서로 다른 반복에 흩어져 있습니다('{other}', '{scope}').",
            "같은 반복 안에 calculate 문항을 두어 값을 옮기고 그 문항에 save_to를 적으세요.",
        ),
        en=(
            "The values of '{dataset}' are spread over '{other}' and '{scope}'.",
            "Copy the value with a calculate in the same repeat and put save_to there.",
        ),
        column="save_to",
    ),
    Saying(
        "ENTITY_012",
        r"list name '(?P<dataset>.*?)' has a reference in container scope '(?P<other>.*?)' which "
        r"is not compatible with the variable reference to '(?P<named>.*?)' in scope "
        r"'(?P<scope>.*?)'",
        ko=(
            "목록 '{dataset}'의 식이 가리키는 '{named}'은(는) 다른 반복('{scope}')에 있습니다.",
            "'{other}' 안에 calculate 문항을 두어 값을 옮기고 그 문항을 가리키세요.",
        ),
        en=(
            "The list '{dataset}' refers to '{named}', which is in another repeat ('{scope}').",
            "Copy the value with a calculate inside '{other}' and refer to that.",
        ),
        sheet="entities",
        column="list_name",
    ),
    Saying(
        "ENTITY_013",
        r"'save_to' value must have at most one '#'",
        ko=("save_to에 '#'이 두 개 이상 있습니다.", "'목록#속성'으로 적으세요."),
        en=("There is more than one '#' in save_to.", "Write it as list#property."),
        column="save_to",
    ),
    Saying(
        "HEADER_005",
        r"'entities' sheet, one or more column names.*?column\(s\).*?: (?P<columns>.+?)\. Please",
        ko=(
            "entities 시트에 쓸 수 없는 열이 있습니다: {columns}.",
            "열 이름의 철자를 고치거나 그 열을 지우세요.",
        ),
        en=(
            "The entities sheet has columns that are not supported: {columns}.",
            "Check their spelling, or remove them.",
        ),
        sheet="entities",
    ),
    Saying(
        "NAMES_010",
        r"must not begin with two underscores",
        ko=(
            "이름이 밑줄 두 개('__')로 시작합니다.",
            "밑줄 두 개로 시작하지 않는 이름으로 고치세요.",
        ),
        en=(
            "The name begins with two underscores.",
            "Choose one that does not.",
        ),
        sheet="entities",
    ),
    Saying(
        "NAMES_011",
        r"Names used here must not contain a period",
        ko=("목록 이름에 마침표('.')가 있습니다.", "마침표를 빼세요."),
        en=("The list name contains a period.", "Remove the period."),
        sheet="entities",
    ),
    Saying(
        "NAMES_012",
        r"must not be 'name' or 'label'",
        ko=(
            "속성 이름으로 name과 label은 쓸 수 없습니다.",
            "save_to에 다른 이름을 적으세요.",
        ),
        en=(
            "A property may not be called name or label.",
            "Write another name in save_to.",
        ),
        column="save_to",
    ),
    Saying(
        "NAMES_014",
        r"'list_name' column must not have any duplicate",
        ko=("같은 대상 목록이 두 번 있습니다.", "한 행을 지우거나 이름을 바꾸세요."),
        en=("The entity list is declared twice.", "Remove or rename one of the rows."),
        sheet="entities",
        column="list_name",
    ),
    Saying(
        "NAMES_015",
        r"Entity lists must have a name",
        ko=("대상 목록의 이름이 비어 있습니다.", "list_name 칸을 채우세요."),
        en=("The entity list has no name.", "Fill list_name."),
        sheet="entities",
        column="list_name",
    ),
)
