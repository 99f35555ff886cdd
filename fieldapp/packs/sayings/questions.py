"""What pyxform says of questions, groups and lists of choices."""

from __future__ import annotations

from typing import Final

from fieldapp.packs.sayings.saying import Saying

QUESTIONS: Final = (
    Saying(
        "SURVEY_001",
        r"Unmatched 'end_(?P<kind>\w+)'",
        ko=("짝이 되는 begin_{kind} 없이 끝납니다.", "begin과 end 행의 짝을 맞추세요."),
        en=("This ends a {kind} that was not begun.", "Pair every begin with its end."),
        column="type",
    ),
    Saying(
        "SURVEY_002",
        r"Unmatched 'begin_(?P<kind>\w+)'",
        ko=(
            "begin_{kind}의 짝이 되는 end_{kind}가 없습니다.",
            "끝나는 곳에 end 행을 넣으세요.",
        ),
        en=("This {kind} is never ended.", "Add end_{kind} where it ends."),
        column="type",
    ),
    Saying(
        "no-type",
        r"Question with no type",
        ko=("문항의 종류가 비어 있습니다.", "type 칸을 채우거나 행을 지우세요."),
        en=("The question has no type.", "Fill type, or delete the row."),
        column="type",
    ),
    Saying(
        "unknown-type",
        r"Unknown question type '(?P<type>.*?)'",
        ko=("'{type}'은(는) 없는 종류의 문항입니다.", "type 칸의 철자를 고치세요."),
        en=("There is no question type '{type}'.", "Check the spelling of type."),
        column="type",
    ),
    Saying(
        "no-name",
        r"Question or group with no name",
        ko=("문항이나 묶음의 이름이 비어 있습니다.", "name 칸을 채우세요."),
        en=("The question or group has no name.", "Fill name."),
        column="name",
    ),
    Saying(
        "no-label",
        r"element named '(?P<question>.*?)' has no label or hint",
        ko=("'{question}'의 묻는 말이 비어 있습니다.", "label 칸을 채우세요."),
        en=("The question '{question}' has neither label nor hint.", "Fill label."),
        column="label",
    ),
    Saying(
        "group-no-label",
        r"\w+ has no label: ",
        ko=("반복의 label이 비어 있습니다.", "화면에 보일 제목을 label에 적으세요."),
        en=("The repeat has no label.", "Write a title into label."),
        column="label",
    ),
    Saying(
        "row-skipped",
        r"Row without name, text, or label",
        ko=(
            "type, name, label이 모두 비어 있어 이 행은 서식에 들어가지 않습니다.",
            "문항이면 type을 적고, 메모면 그대로 두어도 됩니다.",
        ),
        en=(
            "The row has no type, name or label and is left out.",
            "Give it a type if it is a question; leave it if it is a remark.",
        ),
    ),
    Saying(
        "disabled",
        r"'disabled' column header",
        ko=("disabled 열은 더 이상 쓰지 않습니다.", "relevant 열에 조건을 적으세요."),
        en=("The column disabled is no longer used.", "Use relevant."),
        column="disabled",
    ),
    Saying(
        "device-id",
        r"\] (?P<kind>[\w ]{1,40}) is no longer supported on most devices",
        ko=("'{kind}'은(는) 요즘 기기에서 값을 주지 않습니다.", "이 문항을 지우세요."),
        en=("Today's devices give no '{kind}'.", "Remove the question."),
        column="type",
    ),
    Saying(
        "no-calculation",
        r"Missing calculation",
        ko=("계산식이 비어 있습니다.", "calculation 칸을 채우세요."),
        en=("The calculation is empty.", "Fill calculation."),
        column="calculation",
    ),
    Saying(
        "trigger-unseen",
        r"\$\{(?P<unseen>.*?)\} is not user-visible.*?for question \$\{(?P<question>.*?)\}",
        ko=(
            "화면에 없는 문항 '{unseen}'은(는) '{question}'의 계산을 시작시킬 수 없습니다.",
            "trigger 칸에 사람이 답하는 문항을 적으세요.",
        ),
        en=(
            "'{unseen}' is never shown, so it cannot trigger '{question}'.",
            "Name a question that a person answers in trigger.",
        ),
        column="trigger",
    ),
    Saying(
        "background-calculation",
        r"'background-geopoint' questions, the 'calculation'",
        ko=(
            "background-geopoint에는 계산식을 적을 수 없습니다.",
            "calculation 칸을 비우세요.",
        ),
        en=("A background-geopoint has no calculation.", "Clear calculation."),
        column="calculation",
    ),
    Saying(
        "background-trigger",
        r"'background-geopoint' questions, the 'trigger'",
        ko=("background-geopoint 문항에 trigger가 없습니다.", "trigger 칸에 문항을 적으세요."),
        en=("A background-geopoint needs a trigger.", "Name a question in trigger."),
        column="trigger",
    ),
    Saying(
        "big-image",
        r"To use big-image.*?element named (?P<question>.+?)\.?$",
        ko=("big-image만 있고 image가 없습니다.", "image 칸에도 그림 파일을 적으세요."),
        en=("There is a big-image but no image.", "Give an image as well."),
        column="image",
    ),
    Saying(
        "media-kind",
        r"Media type: (?P<kind>.*?) not supported",
        ko=(
            "'{kind}'은(는) 쓸 수 없는 매체입니다.",
            "image, big-image, audio, video 가운데 하나로 적으세요.",
        ),
        en=("There is no media type '{kind}'.", "Use image, big-image, audio or video."),
    ),
    Saying(
        "audit-name",
        r"Audits must always be named",
        ko=("audit 문항의 이름은 정해져 있습니다.", "name 칸을 비우세요."),
        en=("The name of an audit is fixed.", "Clear name."),
        column="name",
    ),
    Saying(
        "loop-no-list",
        r"Repeat loop without list name",
        ko=("begin_loop에 목록이 없습니다.", "'begin loop over 목록'으로 적으세요."),
        en=("The loop names no list.", "Write begin loop over list_name."),
        column="type",
    ),
    Saying(
        "loop-list-missing",
        r"List name not in columns sheet: (?P<dataset>.+)",
        ko=("목록 '{dataset}'이(가) 없습니다.", "choices 시트에 그 목록을 만드세요."),
        en=("There is no list '{dataset}'.", "Add it to the choices sheet."),
        column="type",
    ),
    Saying(
        "external-list-missing",
        r"List name not in external choices sheet: (?P<dataset>.+)",
        ko=(
            "목록 '{dataset}'이(가) external_choices 시트에 없습니다.",
            "그 시트에 목록을 만들거나 철자를 맞추세요.",
        ),
        en=(
            "The list '{dataset}' is not on the external_choices sheet.",
            "Add it there, or check the spelling.",
        ),
        column="type",
    ),
    Saying(
        "list-missing",
        r"List name not in choices sheet: (?P<dataset>.+)",
        ko=(
            "목록 '{dataset}'이(가) choices 시트에 없습니다.",
            "choices 시트에 그 목록을 만들거나 철자를 맞추세요.",
        ),
        en=(
            "The list '{dataset}' is not on the choices sheet.",
            "Add it there, or check the spelling.",
        ),
        column="type",
    ),
    Saying(
        "external-no-filter",
        r"select one external is only meant for filtered",
        ko=(
            "select_one_external은 걸러서 보일 때에만 쓸모가 있습니다.",
            "choice_filter를 적거나 select_one으로 고치세요.",
        ),
        en=(
            "select_one_external is meant for filtered lists.",
            "Give a choice_filter, or use select_one.",
        ),
        column="choice_filter",
    ),
    Saying(
        "file-ending",
        r"File name for '(?P<file>.*?)' should end with",
        ko=(
            "'{file}'의 파일 이름에 알맞은 끝이 없습니다.",
            ".csv, .xml, .geojson 가운데 하나로 끝나게 적으세요.",
        ),
        en=(
            "The file name in '{file}' has no known ending.",
            "It ends in .csv, .xml or .geojson.",
        ),
        column="type",
    ),
    Saying(
        "choice-with-space",
        r"Choice names with spaces.*?See \[(?P<choice>.*?)\] in \[(?P<list>.*?)\]",
        ko=(
            "목록 '{list}'의 보기 이름 '{choice}'에 빈칸이 있습니다.",
            "여럿을 고르는 목록에서는 빈칸을 빼거나 밑줄(_)로 바꾸세요.",
        ),
        en=(
            "The choice name '{choice}' in the list '{list}' contains a space.",
            "In a list for select_multiple, remove spaces or use underscores.",
        ),
        sheet="choices",
        column="name",
    ),
    Saying(
        "or-other-filter",
        r"Choice filter not supported with or_other",
        ko=(
            "or_other와 choice_filter를 함께 쓸 수 없습니다.",
            "choice_filter를 지우거나, '기타' 보기와 적는 문항을 직접 만드세요.",
        ),
        en=(
            "or_other and choice_filter do not go together.",
            "Remove the filter, or write the choice 'other' and its question yourself.",
        ),
        column="choice_filter",
    ),
    Saying(
        "or-other-choices",
        r"specify choices for this 'or other'",
        ko=("or_other 문항의 목록에 보기가 없습니다.", "choices 시트에 보기를 적으세요."),
        en=("The list of this or_other question is empty.", "Add choices to it."),
        column="type",
    ),
    Saying(
        "or-other-languages",
        r"uses or_other and translations",
        ko=(
            "여러 언어로 된 서식에서 or_other가 만드는 '기타' 문항은 번역되지 않습니다.",
            "'기타' 보기와 적는 문항을 직접 만드세요.",
        ),
        en=(
            "What or_other adds is not translated.",
            "Write the choice 'other' and its question yourself.",
        ),
        column="type",
    ),
    Saying(
        "table-filter",
        r"Choice filter not supported for table-list",
        ko=("table-list에서는 choice_filter를 쓸 수 없습니다.", "choice_filter 칸을 비우세요."),
        en=("A table-list takes no choice_filter.", "Clear choice_filter."),
        column="choice_filter",
    ),
    Saying(
        "table-lists-differ",
        r"Badly formatted table list.*?match: (?P<one>.+?) vs\. (?P<other>.+)",
        ko=(
            "table-list 안의 문항들이 서로 다른 목록을 씁니다('{one}', '{other}').",
            "한 묶음 안에서는 같은 목록을 쓰세요.",
        ),
        en=(
            "The questions of a table-list use different lists ('{one}', '{other}').",
            "Use one list within the group.",
        ),
        column="type",
    ),
    Saying(
        "search-from-file",
        r"'(?P<question>.*?)' is a select from file type, using 'search\(\)'",
        ko=(
            "파일에서 고르는 문항에는 search()를 쓸 수 없습니다.",
            "appearance에서 search()를 빼거나 종류를 select_one으로 고치세요.",
        ),
        en=(
            "A select from a file cannot use search().",
            "Remove search() from appearance, or use select_one.",
        ),
        column="appearance",
    ),
    Saying(
        "search-shares-list",
        r"'(?P<question>.*?)' uses 'search\(\)', and.*?list name '(?P<shared>.*?)'",
        ko=(
            "search()를 쓰는 '{question}'의 목록 '{shared}'을(를) 다른 문항도 씁니다.",
            "search()를 쓰는 문항에는 목록을 따로 만드세요.",
        ),
        en=(
            "'{question}' uses search(), but others use its list '{shared}' without.",
            "Give the question with search() a list of its own.",
        ),
        column="appearance",
    ),
    Saying(
        "default-language-missing",
        r"Language 'default' is missing the (?P<sheet>\w+) (?:columns )?"
        r"(?P<columns>.+?)(?: column)?\.",
        ko=(
            "언어를 붙인 열만 있고 언어 없는 {columns} 열이 없습니다.",
            "다른 열에도 모두 언어를 붙이거나, 언어 없는 열을 더하세요.",
        ),
        en=(
            "There are columns for languages, but no {columns} without one.",
            "Give every such column a language, or add the one without.",
        ),
    ),
    Saying(
        "languages-missing",
        r"Language '(?P<language>.*?)' is missing the (?P<sheet>\w+) (?:columns )?"
        r"(?P<columns>.+?)(?: column)?\.",
        ko=(
            "언어 '{language}'에 {columns} 열이 없습니다.",
            "그 언어의 열을 더하거나, 쓰지 않는 언어의 열을 지우세요.",
        ),
        en=(
            "The language '{language}' has no column {columns}.",
            "Add the column for it, or remove the columns of a language not in use.",
        ),
    ),
    Saying(
        "language-codes",
        r"declarations do not contain valid machine-readable codes: (?P<names>.+?)\. Learn",
        ko=(
            "언어 이름에 코드가 없습니다: {names}.",
            "label::한국어 (ko)처럼 괄호 안에 코드를 적으면 기기가 언어를 압니다.",
        ),
        en=(
            "Languages without a code: {names}.",
            "Write the code in brackets, as in label::Korean (ko).",
        ),
        column="label",
    ),
    Saying(
        "encryption-needs-id",
        r"Cannot omit instanceID",
        ko=(
            "암호로 보내는 서식(public_key)에는 instanceID가 있어야 합니다.",
            "settings에서 omit_instanceID를 지우세요.",
        ),
        en=(
            "An encrypted form (public_key) needs its instanceID.",
            "Remove omit_instanceID from settings.",
        ),
        sheet="settings",
        column="omit_instanceid",
    ),
)
