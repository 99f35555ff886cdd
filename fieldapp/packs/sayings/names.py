"""What pyxform says of sheets, heads, names and of what points to them."""

from __future__ import annotations

from typing import Final

from fieldapp.packs.sayings.saying import Saying

_NAME_KO: Final = "글자나 밑줄로 시작해 글자, 숫자, _ - . 만으로 적으세요."
_NAME_EN: Final = "Begin with a letter or underscore; use letters, digits, _ - . only."

NAMES: Final = (
    Saying(
        "no-survey-but-near",
        r"must have a sheet named 'survey'.*?similar names were found: (?P<near>.+?)\.",
        ko=(
            "survey 시트가 없고 비슷한 이름의 시트가 있습니다: {near}.",
            "문항을 적은 시트의 이름을 survey로 고치세요.",
        ),
        en=(
            "There is no survey sheet, but one with a similar name: {near}.",
            "Name the sheet with the questions survey.",
        ),
    ),
    Saying(
        "no-survey",
        r"must have a sheet named 'survey'",
        ko=(
            "survey 시트가 없거나 비어 있습니다.",
            "문항을 적은 시트의 이름을 survey로 하고 첫 행에 머리글을 두세요.",
        ),
        en=(
            "There is no survey sheet, or it is empty.",
            "Name the sheet with the questions survey; its first row is the head.",
        ),
    ),
    Saying(
        "external-choices-missing",
        r"should be an external_choices sheet",
        ko=(
            "external_choices 시트가 없습니다.",
            "external_choices 시트에 list_name과 name 열을 두고 목록을 적으세요.",
        ),
        en=(
            "There is no external_choices sheet.",
            "Add external_choices with the columns list_name and name.",
        ),
        column="type",
    ),
    Saying(
        "choices-missing",
        r"should be a choices sheet",
        ko=(
            "고르는 문항이 있으나 choices 시트가 없습니다.",
            "choices 시트에 list_name, name, label 열을 두고 보기를 적으세요.",
        ),
        en=(
            "There are select questions but no choices sheet.",
            "Add choices with the columns list_name, name and label.",
        ),
        column="type",
    ),
    Saying(
        "NAMES_013",
        r"sheet named '(?P<sought>.*?)', the following sheets.*?were found: (?P<near>.+?)\.",
        ko=(
            "'{sought}' 시트가 없고 비슷한 이름의 시트가 있습니다: {near}.",
            "이름을 '{sought}'(으)로 고치거나, 서식과 상관없는 시트면 앞에 밑줄(_)을 붙이세요.",
        ),
        en=(
            "There is no sheet '{sought}', but one with a similar name: {near}.",
            "Rename it to '{sought}'; if it is no part of the form, put an underscore before it.",
        ),
    ),
    Saying(
        "HEADER_001",
        r"for sheet: '(?P<sheet>.*?)'.*?(?:missing header row|mapping for)",
        ko=(
            "'{sheet}' 시트의 머리글을 읽을 수 없습니다.",
            "첫 행에 열 이름을 적고, 머리글이 없는 열에 적힌 글을 지우세요.",
        ),
        en=(
            "The head of the sheet '{sheet}' cannot be read.",
            "Put column names in the first row and clear what stands in columns without one.",
        ),
    ),
    Saying(
        "HEADER_002",
        r"for sheet: '(?P<sheet>.*?)'.*?same column were found: '(?P<other>.*?)', '(?P<head>.*?)'",
        ko=(
            "같은 뜻의 열이 두 개입니다: '{other}', '{head}'.",
            "둘 가운데 하나를 지우거나 이름을 바꾸세요.",
        ),
        en=(
            "Two heads mean the same column: '{other}' and '{head}'.",
            "Remove or rename one of them.",
        ),
    ),
    Saying(
        "HEADER_003",
        r"for sheet: '(?P<sheet>.*?)'.*?headers were not found: (?P<missing>.+?)\. Learn",
        ko=("꼭 있어야 하는 열이 없습니다: {missing}.", "첫 행에 그 열 이름을 적으세요."),
        en=("Required columns are missing: {missing}.", "Add them to the first row."),
    ),
    Saying(
        "HEADER_004",
        r"value is invalid. Column headers must not be empty",
        ko=(
            "choices 시트의 열 이름이 비었거나 빈칸이 들어 있습니다.",
            "열 이름을 빈칸 없이 적으세요.",
        ),
        en=(
            "A head of the choices sheet is empty or contains a space.",
            "Write it without spaces.",
        ),
        sheet="choices",
    ),
    Saying(
        "duplicate-head",
        r"Duplicate column header: (?P<column>.+)",
        ko=("같은 이름의 열이 두 개입니다.", "하나를 지우거나 이름을 바꾸세요."),
        en=("Two columns have the same head.", "Remove or rename one of them."),
    ),
    Saying(
        "LABEL_001",
        r"Choices should have a label",
        ko=("보기의 label이 비어 있습니다.", "화면에 보일 글을 label에 적으세요."),
        en=("The choice has no label.", "Write what people shall read into label."),
        sheet="choices",
        column="label",
    ),
    Saying(
        "NAMES_001",
        r"'name' value '(?P<question>.*?)' is invalid. Questions, groups, and repeats must be",
        ko=(
            "같은 묶음 안에 '{question}'(이)라는 이름이 두 번 있습니다.",
            "둘 가운데 하나의 이름을 고치세요.",
        ),
        en=(
            "The name '{question}' stands twice in the same group.",
            "Rename one of the two.",
        ),
        column="name",
    ),
    Saying(
        "NAMES_002",
        r"'name' value '(?P<name>.*?)' is problematic",
        ko=(
            "'{name}'과(와) 대문자·소문자만 다른 이름이 있습니다.",
            "자료를 다룰 때 섞일 수 있으니 하나의 이름을 바꾸세요.",
        ),
        en=(
            "Another name differs from '{name}' in capitals only.",
            "Some tools mix them up: rename one of the two.",
        ),
        column="name",
    ),
    Saying(
        "NAMES_003",
        r"'name' value '(?P<name>.*?)' is invalid. Repeat names must not be the same as the survey",
        ko=(
            "반복의 이름 '{name}'이(가) 서식 뿌리의 이름과 같습니다.",
            "반복의 이름을 바꾸세요.",
        ),
        en=(
            "The repeat '{name}' is called like the root of the form.",
            "Rename the repeat.",
        ),
        column="name",
    ),
    Saying(
        "NAMES_004",
        r"'name' value '(?P<name>.*?)' is invalid. Repeat names must unique anywhere",
        ko=(
            "반복 '{name}'의 이름이 서식 안에 두 번 있습니다.",
            "반복의 이름은 서식 전체에서 하나뿐이어야 합니다. 하나를 고치세요.",
        ),
        en=(
            "The form has two repeats called '{name}'.",
            "A repeat's name is unique in the whole form: rename one.",
        ),
        column="name",
    ),
    Saying(
        "NAMES_005",
        r"'meta' is reserved for form metadata",
        ko=(
            "'meta'는 서식이 스스로 쓰는 이름입니다.",
            "문항이나 묶음의 이름을 다른 것으로 고치세요.",
        ),
        en=("The name 'meta' is reserved.", "Give the question or group another name."),
        column="name",
    ),
    Saying(
        "NAMES_006",
        r"Choices must have a name",
        ko=("보기의 name이 비어 있습니다.", "name 칸을 채우세요."),
        en=("The choice has no name.", "Fill name."),
        sheet="choices",
        column="name",
    ),
    Saying(
        "NAMES_007",
        r"Choice names must be unique for each choice list",
        ko=(
            "한 목록에 같은 이름의 보기가 두 번 있습니다.",
            "하나를 고치거나, 일부러 그랬으면 settings에 allow_choice_duplicates=yes를 적으세요.",
        ),
        en=(
            "A choice list contains the same name twice.",
            "Change one of them; if it is meant, set allow_choice_duplicates to yes in settings.",
        ),
        sheet="choices",
        column="name",
    ),
    Saying(
        "NAMES_009",
        r"\AThe '(?P<name>.*?)' value is invalid. Names must begin",
        ko=("'{name}'에 쓸 수 없는 이름이 적혀 있습니다.", _NAME_KO),
        en=("The value of '{name}' is not a name.", _NAME_EN),
        column="name",
    ),
    Saying(
        "NAMES_008",
        r"value is invalid. Names must begin",
        ko=("쓸 수 없는 이름입니다.", _NAME_KO),
        en=("This is not a valid name.", _NAME_EN),
    ),
    Saying(
        "PYREF_001",
        r"variables must start with '\$|reference - parsing failed",
        ko=(
            "문항을 가리키는 '${{…}}'를 잘못 적었습니다.",
            "'${{문항이름}}'으로 빈칸 없이 적고 괄호를 닫으세요.",
        ),
        en=(
            "A reference ${{…}} is not written correctly.",
            "Write ${{question_name}} without spaces and close the bracket.",
        ),
    ),
    Saying(
        "PYREF_002",
        r"variable lists must have a comma|reference - parsing limit",
        ko=(
            "여러 문항을 쉼표 없이 이어 적었습니다.",
            "'${{하나}}, ${{둘}}'처럼 쉼표로 나누세요.",
        ),
        en=(
            "Several references stand side by side without a comma.",
            "Separate them: ${{one}}, ${{two}}.",
        ),
    ),
    Saying(
        "PYREF_003",
        r"Could not find the name '(?P<name>.*?)'|reference - name not found",
        ko=("'{name}'(이)라는 문항이 없습니다.", "문항 이름의 철자를 맞추세요."),
        en=("There is no question '{name}'.", "Check the spelling of the name."),
    ),
    Saying(
        "PYREF_004",
        r"The name '(?P<name>.*?)' appears more than once|reference - duplicate name",
        ko=(
            "'{name}'(이)라는 문항이 둘 이상이라 어느 것인지 알 수 없습니다.",
            "하나의 이름을 고치고 식에도 그 이름을 적으세요.",
        ),
        en=(
            "Several questions are called '{name}': which one is meant?",
            "Rename one of them and use that name here.",
        ),
    ),
    Saying(
        "element-missing",
        r"no survey element named '(?P<name>.*?)'",
        ko=("'{name}'(이)라는 문항이 없습니다.", "문항 이름의 철자를 맞추세요."),
        en=("There is no question '{name}'.", "Check the spelling of the name."),
    ),
    Saying(
        "element-twice",
        r"multiple survey elements named '(?P<question>.*?)'",
        ko=(
            "'{question}'(이)라는 문항이 둘 이상이라 어느 것인지 알 수 없습니다.",
            "하나의 이름을 고치세요.",
        ),
        en=(
            "Several questions are called '{question}': which one is meant?",
            "Rename one of them.",
        ),
        column="name",
    ),
    Saying(
        "no-form-id",
        r"cannot have an empty id_string",
        ko=("서식의 form_id가 비어 있습니다.", "settings 시트의 form_id를 채우세요."),
        en=("The form has no form_id.", "Fill form_id on the settings sheet."),
        sheet="settings",
        column="form_id",
    ),
    Saying(
        "form-id-twice",
        r"form_id and id_string column headers are both",
        ko=(
            "settings 시트에 form_id와 id_string 열이 둘 다 있습니다.",
            "id_string 열을 지우세요.",
        ),
        en=("Settings has both form_id and id_string.", "Remove the column id_string."),
        sheet="settings",
        column="form_id",
    ),
    Saying(
        "instance-name-twice",
        r"The name '(?P<question>.*?)' was found (?P<count>\d+) time",
        ko=(
            "바깥 자료 '{question}'의 이름이 {count}번 쓰였습니다.",
            "csv-external과 xml-external의 이름은 서식에서 하나뿐입니다. 하나만 남기세요.",
        ),
        en=(
            "The external list '{question}' is declared {count} times.",
            "Names of csv-external and xml-external are unique in a form: keep one.",
        ),
        column="name",
    ),
    Saying(
        "instance-two-sources",
        r"different external instance source URIs.*?Instance name: '(?P<question>.*?)'",
        ko=(
            "'{question}'(이)라는 바깥 자료가 서로 다른 파일을 가리킵니다.",
            "파일이나 목록 가운데 하나의 이름을 바꾸세요.",
        ),
        en=(
            "The external list '{question}' comes from two different files.",
            "Rename one of the files or lists.",
        ),
    ),
)
