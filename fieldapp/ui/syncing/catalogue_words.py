"""What a round brought of programmes and lists, in sentences."""

from __future__ import annotations

from fieldapp.domain.exchange import ExchangeOutcome


def catalogue_sentences(outcome: ExchangeOutcome) -> tuple[str, ...]:
    """What is new, and what came and cannot be used; () for most rounds."""
    said: list[str] = []
    if outcome.programmes:
        said.append(f"새 서식을 받았습니다: {', '.join(outcome.programmes)}.")
    if outcome.reference_lists:
        said.append(f"새 참고 목록을 받았습니다: {', '.join(outcome.reference_lists)}.")
    return (*said, *outcome.refused_programmes)
