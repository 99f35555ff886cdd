"""What pyxform says of the column `parameters`."""

from __future__ import annotations

from typing import Final

from fieldapp.packs.sayings.saying import Saying


def _of_parameters(
    key: str, said: str, ko: tuple[str, str], en: tuple[str, str], column: str = "parameters"
) -> Saying:
    return Saying(key, said, ko, en, "survey", column)


_RANGE: Final = (
    _of_parameters(
        "RANGE_001",
        r"'range' question type, the parameter '(?P<name>.*?)' must be a number",
        ko=("range의 '{name}'이(가) 수가 아닙니다.", "{name}=5처럼 수로 적으세요."),
        en=("'{name}' of the range is not a number.", "Write a number: {name}=5."),
    ),
    _of_parameters(
        "RANGE_002",
        r"parameter '(?P<name>.*?)' must not be '0'",
        ko=("range의 '{name}'은(는) 0일 수 없습니다.", "0이 아닌 수로 고치세요."),
        en=("'{name}' of the range must not be 0.", "Write another number."),
    ),
    _of_parameters(
        "RANGE_003",
        r"parameter '(?P<name>.*?)' must not be larger than",
        ko=(
            "range의 '{name}'이(가) start와 end 사이보다 큽니다.",
            "더 작은 수로 고치거나 start와 end를 넓히세요.",
        ),
        en=(
            "'{name}' is larger than the distance from start to end.",
            "Write a smaller number, or widen start and end.",
        ),
    ),
    _of_parameters(
        "RANGE_004",
        r"parameter '(?P<name>.*?)' must be a multiple of 'step'",
        ko=("range의 '{name}'이(가) step의 배수가 아닙니다.", "step의 배수로 고치세요."),
        en=("'{name}' is not a multiple of step.", "Write a multiple of step."),
    ),
    _of_parameters(
        "RANGE_005",
        r"parameter '(?P<name>.*?)' must be between the 'start'",
        ko=("range의 '{name}'이(가) start와 end 밖에 있습니다.", "그 사이의 수로 고치세요."),
        en=("'{name}' lies outside start and end.", "Write a number between them."),
    ),
    _of_parameters(
        "RANGE_006",
        r"parameter 'tick_labelset' must be a choice list",
        ko=(
            "tick_labelset이 가리키는 목록이 없습니다.",
            "choices 시트의 list_name 가운데 하나를 적으세요.",
        ),
        en=("tick_labelset names no list.", "Write a list_name of the choices sheet."),
    ),
    _of_parameters(
        "RANGE_007",
        r"'tick_labelset' choice list must have only 2 items",
        ko=(
            "no-ticks에서 tick_labelset의 목록은 보기가 둘이어야 합니다.",
            "처음과 끝의 보기만 남기세요.",
        ),
        en=(
            "With no-ticks the list of tick_labelset has two choices.",
            "Keep the first and the last.",
        ),
    ),
    _of_parameters(
        "RANGE_008",
        r"'tick_labelset' are only supported for the appearances",
        ko=(
            "이 appearance에서는 tick_interval, placeholder, tick_labelset을 쓸 수 없습니다.",
            "appearance를 비우거나 vertical, no-ticks로 고치세요.",
        ),
        en=(
            "This appearance takes no tick_interval, placeholder or tick_labelset.",
            "Clear appearance, or use vertical or no-ticks.",
        ),
    ),
    _of_parameters(
        "RANGE_009",
        r"choice values must all be numbers",
        ko=(
            "tick_labelset의 목록에 수가 아닌 name이 있습니다.",
            "그 목록의 name을 모두 수로 적으세요.",
        ),
        en=(
            "The list of tick_labelset has a name that is not a number.",
            "Write numbers as names in that list.",
        ),
    ),
    _of_parameters(
        "RANGE_010",
        r"'tick_labelset' choices must be between",
        ko=(
            "tick_labelset의 목록에 start와 end 밖의 수가 있습니다.",
            "그 목록의 name을 그 사이의 수로 고치세요.",
        ),
        en=(
            "The list of tick_labelset has a number outside start and end.",
            "Keep its names between them.",
        ),
    ),
    _of_parameters(
        "RANGE_011",
        r"'tick_labelset' choices' values must be equal to the start.*?multiple of '(?P<name>.*?)'",
        ko=(
            "tick_labelset의 수가 start에서 '{name}'만큼씩 떨어져 있지 않습니다.",
            "start에 '{name}'의 배수를 더한 수로 고치세요.",
        ),
        en=(
            "The numbers of tick_labelset are not start plus a multiple of '{name}'.",
            "Change the names in that list.",
        ),
    ),
    _of_parameters(
        "RANGE_012",
        r"'tick_labelset' choice list values may only",
        ko=(
            "no-ticks에서 tick_labelset의 수는 start와 end여야 합니다.",
            "목록의 두 name을 start와 end의 수로 고치세요.",
        ),
        en=(
            "With no-ticks the numbers of tick_labelset are start and end.",
            "Change the two names to these.",
        ),
    ),
)

PARAMETERS: Final = (
    *_RANGE,
    _of_parameters(
        "SURVEY_003",
        r"'incremental' parameter may either|parameter 'incremental'",
        ko=("incremental에는 true만 적을 수 있습니다.", "incremental=true로 적거나 지우세요."),
        en=("incremental is either true or left out.", "Write incremental=true, or remove it."),
    ),
    _of_parameters(
        "SURVEY_004",
        r"Parameters must be in the form",
        ko=("parameters 칸을 읽을 수 없습니다.", "'이름=값 이름=값'으로 적으세요."),
        en=("The parameters cannot be read.", "Write name=value name=value."),
    ),
    _of_parameters(
        "SURVEY_005",
        r"accepted parameter keys.*? are '(?P<known>.*?)'.*?invalid parameter key\(s\): "
        r"'(?P<wrong>.*?)'",
        ko=(
            "이 종류의 문항에는 '{wrong}'을(를) 쓸 수 없습니다.",
            "쓸 수 있는 것: {known}. 그 밖의 것은 지우세요.",
        ),
        en=(
            "This type of question has no parameter '{wrong}'.",
            "It knows: {known}. Remove the others.",
        ),
    ),
    _of_parameters(
        "SURVEY_006",
        r"'reference-geometry' parameter",
        ko=(
            "reference-geometry가 가리키는 목록이나 반복이 없습니다.",
            "목록 이름, 붙인 파일의 이름, 또는 '${{반복}}'을 적으세요.",
        ),
        en=(
            "reference-geometry names no list or repeat.",
            "Write a list, the name of an attached file, or ${{repeat}}.",
        ),
    ),
    _of_parameters(
        "SURVEY_007",
        r"'capture-accuracy' parameter",
        ko=("capture-accuracy가 수가 아닙니다.", "미터로 수를 적으세요."),
        en=("capture-accuracy is not a number.", "Write metres as a number."),
    ),
    _of_parameters(
        "SURVEY_008",
        r"'warning-accuracy' parameter",
        ko=("warning-accuracy가 수가 아닙니다.", "미터로 수를 적으세요."),
        en=("warning-accuracy is not a number.", "Write metres as a number."),
    ),
    _of_parameters(
        "SURVEY_009",
        r"'allow-mock-accuracy' parameter",
        ko=("allow-mock-accuracy에는 true나 false만 적습니다.", "둘 가운데 하나로 고치세요."),
        en=("allow-mock-accuracy is true or false.", "Write one of these."),
    ),
    _of_parameters(
        "yes-or-no",
        r"(?P<name>track-changes|identify-user|randomize) must be set to true or false",
        ko=("{name}에는 true나 false만 적습니다.", "둘 가운데 하나로 고치세요."),
        en=("{name} is true or false.", "Write one of these."),
    ),
    _of_parameters(
        "change-reasons",
        r"(?P<name>track-changes-reasons) must be set to",
        ko=("{name}에는 on-form-edit만 적습니다.", "{name}=on-form-edit로 적으세요."),
        en=("{name} knows only on-form-edit.", "Write {name}=on-form-edit."),
    ),
    _of_parameters(
        "location-priority",
        r"Parameter location-priority must be set to",
        ko=(
            "location-priority의 값이 잘못되었습니다.",
            "no-power, low-power, balanced, high-accuracy 가운데 하나로 적으세요.",
        ),
        en=(
            "location-priority has an unknown value.",
            "Use no-power, low-power, balanced or high-accuracy.",
        ),
    ),
    _of_parameters(
        "location-order",
        r"Parameter location-max-age must be greater than or equal to location",
        ko=(
            "location-max-age가 location-min-interval보다 작습니다.",
            "같거나 더 큰 수로 고치세요.",
        ),
        en=(
            "location-max-age is less than location-min-interval.",
            "Write a number at least as large.",
        ),
    ),
    _of_parameters(
        "location-negative",
        r"Parameter (?P<name>location-[\w-]+) must be greater +than or equal to zero",
        ko=("{name}이(가) 0보다 작습니다.", "0이나 더 큰 수로 고치세요."),
        en=("{name} is below zero.", "Write zero or more."),
    ),
    _of_parameters(
        "location-incomplete",
        r"To include location information",
        ko=(
            "위치를 남기는 audit에 빠진 것이 있습니다.",
            "location-priority, location-min-interval, location-max-age를 모두 적으세요.",
        ),
        en=(
            "The audit lacks a parameter of its location.",
            "Give location-priority, location-min-interval and location-max-age.",
        ),
    ),
    _of_parameters(
        "not-integer",
        r"Parameter (?P<name>[\w-]+) must have an integer value",
        ko=("{name}의 값이 정수가 아닙니다.", "{name}=3처럼 정수로 적으세요."),
        en=("{name} is not a whole number.", "Write a whole number: {name}=3."),
    ),
    _of_parameters(
        "seed-value",
        r"seed value must be a number",
        ko=("seed에는 수나 다른 문항만 적습니다.", "seed=7이나 seed='${{문항}}'으로 적으세요."),
        en=("seed is a number or a question.", "Write seed=7 or seed=${{question}}."),
    ),
    _of_parameters(
        "seed-alone",
        r"Parameters must include randomize=true",
        ko=("randomize=true 없이 seed만 적었습니다.", "randomize=true를 더하거나 seed를 지우세요."),
        en=("There is a seed without randomize=true.", "Add randomize=true, or remove seed."),
    ),
    _of_parameters(
        "app-name",
        r"Parameter 'app' has an invalid Android package name - (?P<why>.+)",
        ko=(
            "app에 안드로이드 앱의 이름을 잘못 적었습니다.",
            "org.example.app처럼 점으로 나눈 이름을 적거나 app을 지우세요.",
        ),
        en=(
            "app is no name of an Android app: {why}",
            "Write it as in org.example.app, or remove app.",
        ),
    ),
    _of_parameters(
        "quality",
        r"Invalid value for quality",
        ko=(
            "quality의 값이 잘못되었습니다.",
            "voice-only, low, normal, external 가운데 하나로 적으세요.",
        ),
        en=("quality has an unknown value.", "Use voice-only, low, normal or external."),
    ),
    _of_parameters(
        "photo-size",
        r"Use the max-pixels parameter",
        ko=(
            "사진이 커서 보내는 데 오래 걸릴 수 있습니다.",
            "parameters에 max-pixels=1600처럼 적으세요.",
        ),
        en=("Large photos take long to send.", "Write max-pixels=1600 into parameters."),
        column="",
    ),
)
