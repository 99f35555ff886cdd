"""Two workers amend one survey: different fields merge, one field waits for a person."""

from __future__ import annotations

from fieldapp.demo.surveys import TWELVE
from fieldapp.demo.worker import WorkerAtLaptop
from fieldapp.usecases.conflicts import open_conflicts
from fieldapp.usecases.filling import open_record
from fieldapp.usecases.records import records_page

Pair = tuple[WorkerAtLaptop, WorkerAtLaptop]


def amend(laptop: WorkerAtLaptop, path: str, text: str) -> None:
    """Open the one record, change one answer by keys, say why, finish."""
    laptop.open_chosen_record()
    laptop.go_to(path)
    laptop.answer({path: text})
    laptop.finish(reason="가상-정정")


def answers(laptop: WorkerAtLaptop) -> dict[str, str]:
    """What this laptop holds of the one record."""
    (row,) = records_page(laptop.session()).rows
    return dict(open_record(laptop.session(), row.record_id).filling.answers())


def exchanged(*laptops: WorkerAtLaptop) -> None:
    """Each exchanges, in this order."""
    for laptop in laptops:
        laptop.exchange()


def test_different_fields_merge_and_the_same_field_keeps_both_values(pair: Pair) -> None:
    first, second = pair
    first.key_survey(TWELVE[2])
    exchanged(first, second)

    amend(first, "again", "2")
    amend(second, "items/q1", "1")
    exchanged(first, second, first)

    assert answers(first) == answers(second)
    assert (answers(first)["again"], answers(first)["items/q1"]) == ("2", "1")
    assert open_conflicts(first.session()) == ()

    amend(first, "items/q2", "1")
    amend(second, "items/q2", "3")
    exchanged(first, second, first)

    for laptop in pair:
        (conflict,) = open_conflicts(laptop.session())
        (line,) = conflict.lines
        assert (line.base, line.ours, line.theirs) == ("그렇다", "전혀 그렇지 않다", "보통이다")
        assert (conflict.ours_author, conflict.theirs_author) == (
            first.worker.name,
            second.worker.name,
        )

    first.settle_conflict("3", reason="가상-종이를 다시 봄")
    exchanged(first, second)

    for laptop in pair:
        assert open_conflicts(laptop.session()) == ()
        assert answers(laptop)["items/q2"] == "3"
