"""A programme's workbook, read and checked: its form, its plans, and the bytes they came from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final

import msgspec

from fieldapp.domain.operation import FormRef
from fieldapp.domain.plans import PackProblem, Plans
from fieldapp.errors import FormReason, FormTrouble, MalformedMessage
from fieldapp.forms import Filling, FormDefinition, Surroundings, read_form
from fieldapp.messages import FORM_REASONS
from fieldapp.packs.compile import Converter, advice, converted
from fieldapp.packs.copies import CopyWriter, check_copies, writer_of
from fieldapp.packs.findings import FILE, Findings, refusal, shown
from fieldapp.packs.merging import with_entities
from fieldapp.packs.oddities import LOOK_AT_QUESTION, oddities, row_of
from fieldapp.packs.plans import Reading, read_plans
from fieldapp.packs.sheets import read_workbook
from fieldapp.packs.worker import convert_apart

_STORED_FORMAT: Final = 1
#: Versions kept open by their bytes; no answer is among them, and nothing of them ever changes.
_READ_PACKS: Final = 64
_KOREA: Final = timezone(timedelta(hours=9))
#: Any instant and record will do to see whether a form opens.
TRIAL: Final = Surroundings(
    now=lambda: datetime(2026, 1, 1, tzinfo=_KOREA),
    record_id="00000000-0000-7000-8000-000000000000",
    seed=0,
)


@dataclass(frozen=True)
class Pack:
    """One immutable version of a programme.

    workbook: the .xlsx as it came; xform: UTF-8 XML that pyxform made of it. warnings: what an
    officer should know and need not mend. advice: those of them that came from pyxform, with their
    English; known to whoever compiled the workbook, not stored.
    """

    workbook: bytes
    workbook_sha256: str
    xform: bytes
    plans: Plans
    definition: FormDefinition
    warnings: tuple[str, ...] = ()
    advice: tuple[PackProblem, ...] = ()

    @property
    def form(self) -> FormRef:
        """The form and version it is."""
        return self.plans.form

    @cached_property
    def copy_writers(self) -> tuple[CopyWriter, ...]:
        """The blocks of the copy sheet, compiled when first asked for."""
        return tuple(writer_of(plan, self.definition) for plan in self.plans.copies)

    def to_stored(self) -> bytes:
        """What a store keeps of an installed version: opens without pyxform."""
        return msgspec.json.encode(
            _Stored(
                format=_STORED_FORMAT,
                workbook=self.workbook,
                xform=self.xform.decode(),
                warnings=self.warnings,
            )
        )

    @classmethod
    def from_stored(cls, stored: bytes) -> Pack:
        """The pack that `to_stored` wrote. Raises MalformedMessage.

        The plans are read from the workbook again, by the rules of the app that reads; a rule that
        came after the version was accepted does not refuse it any more. Once a process: whoever
        unlocks again, after a minute away, does not wait for it again.
        """
        return _from_stored(stored)


def _malformed(reason: str) -> MalformedMessage:
    return MalformedMessage(shape="stored pack", place="$", reason=reason)


class _Stored(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: int
    workbook: bytes
    xform: str
    warnings: tuple[str, ...]


@lru_cache(maxsize=_READ_PACKS)
def _from_stored(stored: bytes) -> Pack:
    try:
        kept = msgspec.json.decode(stored, type=_Stored)
        definition = read_form(kept.xform.encode())
    except (msgspec.DecodeError, UnicodeDecodeError, FormTrouble) as error:
        raise _malformed(type(error).__name__) from error
    if kept.format != _STORED_FORMAT:
        raise _malformed("format")
    findings = Findings()
    reading = read_plans(read_workbook(kept.workbook, findings), findings, is_accepted=True)
    form = reading.plans.form
    if (form.id, form.version) != (definition.form_id, definition.version):
        raise _malformed("workbook and form differ")
    return _pack(kept.workbook, kept.xform, reading, definition, kept.warnings)


def read_pack(content: bytes, file_name: str, *, converter: Converter = convert_apart) -> Pack:
    """Read and check a workbook.

    Raises PackRefused with every problem found (`problems`, `count`, `first`, `file_name`), in the
    order of the sheets and rows. pyxform runs in a process of its own unless another `converter`
    is given.
    """
    findings = Findings()
    workbook = read_workbook(content, findings)
    if not workbook.sheets:
        if not findings:
            findings.add(FILE, 0, "", "시트가 없습니다.", "survey 시트가 있는 파일을 넣으세요.")
        raise refusal(file_name, findings.in_order())
    reading = read_plans(workbook, findings)
    made = converted(content, converter, reading.tables, findings)
    definition = None
    if made is not None:
        definition = _opened(made.xform.encode(), reading, findings)
    if findings or made is None or definition is None:
        raise refusal(file_name, findings.in_order(workbook.names))
    advised = advice(made, reading.tables)
    odd = oddities(definition, reading)
    warnings = (*(one.as_text() for one in (*advised, *odd)), *findings.notes)
    return replace(_pack(content, made.xform, reading, definition, warnings), advice=advised)


def _pack(
    workbook: bytes,
    xform: str,
    reading: Reading,
    definition: FormDefinition,
    warnings: tuple[str, ...],
) -> Pack:
    return Pack(
        workbook=workbook,
        workbook_sha256=hashlib.sha256(workbook).hexdigest(),
        xform=xform.encode(),
        plans=replace(reading.plans, merge=with_entities(reading.plans.merge, definition)),
        definition=definition,
        warnings=warnings,
    )


def _opened(xform: bytes, reading: Reading, findings: Findings) -> FormDefinition | None:
    """The form, once opened to see that it opens; None with the reason in findings."""
    try:
        definition = read_form(xform)
        filling = Filling.start(definition, TRIAL)
    except FormTrouble as error:
        _tell_refused(error, reading, findings)
        return None
    form, settings = reading.plans.form, reading.tables["settings"].title
    is_other = (definition.form_id, definition.version) != (form.id, form.version)
    if is_other and not findings.in_sheets(frozenset({settings})):
        findings.add(
            settings,
            2,
            "version",
            "서식 이름이나 판 번호에 쓸 수 없는 글자가 있습니다.",
            "영문자와 숫자로 적으세요.",
        )
    if not findings:
        check_copies(reading.plans.copies, reading.tables["copy"], filling, findings)
    projection = reading.plans.projection
    for path, _ in (*projection.columns, *chain.from_iterable(projection.repeats.values())):
        if path not in definition.leaves:
            findings.add(
                reading.tables["survey"].title,
                0,
                "",
                f"집계할 문항 '{shown(path)}'이(가) 만들어진 서식에 없습니다.",
                "그 문항의 이름과 묶음을 살펴보세요.",
            )
    return definition


def _tell_refused(error: FormTrouble, reading: Reading, findings: Findings) -> None:
    """What our own engine refuses, at the row of the question it concerns."""
    survey = reading.tables["survey"].title
    if findings.in_sheets(frozenset({survey})):
        return
    facts = error.facts
    row = row_of(str(facts.get("node", "")), reading.survey)
    reason = facts.get("reason")
    name = shown(str(facts.get("name", "")))
    sentence = (
        FORM_REASONS[reason].format(name=name) if isinstance(reason, FormReason) else "알 수 없음"
    )
    remedy = LOOK_AT_QUESTION
    if reason is FormReason.CYCLE:
        remedy = "물고 도는 식 가운데 하나에서 다른 문항을 빼세요."
    findings.add(survey, row, "", f"서식을 열 수 없습니다: {sentence}.", remedy)
