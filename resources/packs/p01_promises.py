"""What was promised: earlier promises to be ticked, new ones to be written.

They stand in one property of the household, one a line; the form takes them apart and puts
together what is left, the new ones, and those beyond the rows it has.
"""

from __future__ import annotations

from typing import Final

from making import CHOOSE, Row, calculate, question, repeat
from p01_rows import SPOKEN, asked

#: A line break; one that is written out would be a space by the time the form is read.
BETWEEN: Final = "base64-decode('Cg==')"
MOST_PROMISES: Final = 5


def _first(number: int) -> Row:
    return calculate(
        f"promise_{number}",
        f"substring-before(concat(${{promises_{number}}}, {BETWEEN}), {BETWEEN})",
    )


def _rest(number: int) -> Row:
    before = "${promises_now}" if number == 1 else f"${{promises_{number - 1}}}"
    value = before if number == 1 else f"substring-after({before}, {BETWEEN})"
    return calculate(f"promises_{number}", value)


def nth_promise() -> str:
    """The promise of a row of the repeat."""
    text = "''"
    for number in range(MOST_PROMISES, 0, -1):
        text = f"if(${{past_no}}={number}, ${{promise_{number}}}, {text})"
    return text


#: What the household keeps of them.
STILL_PROMISED: Final = (
    f"join({BETWEEN}, ${{left}}[. != ''], ${{todo_line}}[. != ''], ${{promises_rest}}[. != ''])"
)
PROMISES: Final = (
    *(row for number in range(1, MOST_PROMISES + 1) for row in (_rest(number), _first(number))),
    calculate("promises_rest", f"substring-after(${{promises_{MOST_PROMISES}}}, {BETWEEN})"),
    calculate("promise_count", " + ".join(
        f"if(${{promise_{number}}}='', 0, 1)" for number in range(1, MOST_PROMISES + 1))),
    *repeat(
        "past",
        ("지난 약속", "Earlier promises"),
        (
            calculate("past_no", "position(..)"),
            calculate("past_text", nth_promise()),
            asked("select_one kept", "kept", ("${past_text}", "${past_text}")),
            calculate("left", "if(${kept}='not', ${past_text}, '')"),
        ),
        count="${promise_count}",
        relevant=SPOKEN,
    ),
    *repeat(
        "todos",
        ("새 약속", "New promises"),
        (
            question("text", "what", ("할 일", "What")),
            question("select_one todo_who", "who", ("누가", "Who"), required="${what}!=''",
                     required_message=CHOOSE, constraint="${what}!=''",
                     constraint_message=("할 일을 적어 주세요", "Please write what")),
            question("date", "due", ("언제까지", "By when"), required="${what}!=''",
                     required_message=("날짜를 적어 주세요", "Please write a date")),
            calculate("todo_line", "if(${what}='', '', concat(normalize-space(${what}), ' (', "
                      "if(${who}='worker', '담당자', if(${who}='self', '본인', '기관')), ', ', "
                      "format-date(${due}, '%n. %e.'), '까지)'))"),
        ),
        relevant=SPOKEN,
    ),
)  # fmt: skip
