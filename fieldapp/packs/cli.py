"""`fieldapp pack check FILE`: the problems of a workbook, one a line.

With `--english` each line of which pyxform is the source is followed by its English, for whoever
asks abroad.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fieldapp.domain.plans import PackProblem, Schedule
from fieldapp.errors import PackRefused
from fieldapp.packs.archive import FILE_BYTES
from fieldapp.packs.findings import FILE, in_english
from fieldapp.packs.reading import Pack, read_pack


def check(path: Path, *, has_english: bool = False) -> int:
    """Print what is wrong with a workbook, or what it holds. 0 when nothing is wrong, else 1."""
    try:
        with path.open("rb") as file:
            # One byte more than may be read is enough to know that it is too large.
            content = file.read(FILE_BYTES + 1)
    except OSError:
        unreadable = PackProblem(
            FILE, 0, "", f"'{path.name}'을(를) 열 수 없습니다.", "파일의 자리와 이름을 살펴보세요."
        )
        _print(unreadable.as_text())
        return 1
    try:
        pack = read_pack(content, path.name)
    except PackRefused as refused:
        return _print_refused(refused, has_english=has_english)
    _print(_account(path.name, pack))
    for warning in pack.warnings:
        _print(f"알림: {warning}")
    if has_english:
        for advised in pack.advice:
            _print_english(advised)
    return 0


def _print_refused(refused: PackRefused, *, has_english: bool) -> int:
    problems = refused.facts["problems"]
    assert isinstance(problems, tuple)  # noqa: S101 - what PackRefused carries
    for problem in problems:
        _print(problem.as_text())
        if has_english:
            _print_english(problem)
    _print(f"고칠 곳 {refused.facts['count']}군데. 이 파일은 들이지 않습니다.")
    return 1


def _account(file_name: str, pack: Pack) -> str:
    definition, plans = pack.definition, pack.plans
    shown = {control.path for top in definition.body for control in top.walk()}
    asked = sum(leaf.path in shown and not leaf.is_readonly for leaf in definition.leaves.values())
    title = f"{plans.title} ({plans.form.id}, {plans.form.version}판)"
    counts = (
        f"질문 {asked}, 선택목록 {len(definition.instances)}, 단계 {len(plans.workflow.steps)}, "
        f"표 {len(plans.summaries)}"
    )
    lines = [f"{file_name}: 고칠 곳이 없습니다.", f"{title}: {counts}"]
    written = [one for one in plans.entities if one.properties]
    for name, told in (
        ("대상", f"{plans.subject} (기록마다 하나)" if plans.subject else ""),
        ("남기는 대상", ", ".join(f"{one.name}(속성 {len(one.properties)})" for one in written)),
        ("찾아보는 대상", ", ".join(one.name for one in plans.entities if one not in written)),
        ("나누어 쓰는 묶음", ", ".join(f"{part.path}({part.seat})" for part in plans.parts)),
        ("상담주기", _schedule(plans.schedule)),
        ("옮길 글", ", ".join(plan.label for plan in plans.copies)),
    ):
        if told:
            lines.append(f"{name}: {told}")
    return "\n".join(lines)


def _schedule(schedule: Schedule | None) -> str:
    if schedule is None:
        return ""
    labels = [rule.label for rule in schedule.rules]
    if schedule.contact is not None:
        labels.append("이 기록도 상담으로 셈")
    return ", ".join(labels)


def _print_english(problem: PackProblem) -> None:
    text = in_english(problem)
    if text is not None:
        _print(f"    {text}")


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
