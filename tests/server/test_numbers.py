"""Official numbers across a restore: what stands on paper stays, and nothing is numbered twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from fieldapp.clock import KOREA
from fieldapp.domain.numbers import KnownNumber, NumbersReply, NumbersRequest
from fieldapp.domain.operation import ObjectRef, Transition
from fieldapp.domain.shapes import decode, encode
from fieldapp.server.embedded import EmbeddedPostgres
from fieldapp.storage import entities
from fieldapp.sync import protocol
from tests.restoring import Office, office
from tests.server.errands import checked, entity, making, new_id, stored_entity
from tests.server.workbooks import CHECK
from tests.servers import Laptop
from tests.sync.lines import Line
from tests.sync.real import Laptop as RealLaptop


@pytest.fixture(scope="module")
def running(
    postgres: EmbeddedPostgres, compiled_packs: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An office that loses its database."""
    with office(postgres, compiled_packs, tmp_path_factory.mktemp("dumps")) as made:
        yield made


@pytest.fixture
def refilling(running: Office) -> Iterator[Office]:
    """Between a restore and the return of every laptop."""
    running.server.sql("update fieldapp.server_meta set refilling = true")
    yield running
    running.end_refill()


def monitor(running: Office, scope: str) -> Laptop:
    user = running.server.new_user(scope, roles=["monitor"])
    return running.server.laptop(user, scope)


def numbered(count: int) -> str:
    return f"{datetime.now(KOREA).year}-{count}"


def improvement(laptop: Laptop) -> ObjectRef:
    """One more, by a finished checklist."""
    of = entity("improvement", new_id())
    laptop.push(checked(laptop, making(of, {"label": "손잡이", "content": "손잡이"})))
    return of


def number_of(running: Office, of: ObjectRef) -> str:
    return stored_entity(running.server, of).props["no"]


def tell(laptop: Laptop, *known: tuple[str, str], scope: str | None = None) -> httpx.Response:
    """Numbers of improvements, by id."""
    numbers = tuple(
        KnownNumber(list="improvement", id=of, scope=scope or laptop.scope, number=number)
        for of, number in known
    )
    request = NumbersRequest(replica=laptop.replica, numbers=numbers)
    return laptop.http.post(protocol.NUMBERS, content=encode(request))


def kept(reply: httpx.Response) -> int:
    assert reply.status_code == 200, reply.text
    return decode(NumbersReply, reply.content).kept


def test_a_number_that_a_laptop_tells_is_given_to_its_entity_and_to_no_other(
    refilling: Office,
) -> None:
    laptop = monitor(refilling, refilling.server.new_scope())
    first = improvement(laptop)
    back = entity("improvement", new_id())

    assert kept(tell(laptop, (first.id, numbered(1)), (back.id, numbered(5)))) == 1
    other = improvement(laptop)
    laptop.push(checked(laptop, making(back, {"label": "경사로", "content": "경사로"})))

    assert number_of(refilling, first) == numbered(1)
    assert number_of(refilling, other) == numbered(6)
    assert number_of(refilling, back) == numbered(5)
    assert number_of(refilling, improvement(laptop)) == numbered(7)


def test_a_number_told_twice_is_kept_for_whoever_told_it_first(refilling: Office) -> None:
    scope = refilling.server.new_scope()
    here, there = monitor(refilling, scope), monitor(refilling, scope)
    one, two = entity("improvement", new_id()), entity("improvement", new_id())

    assert kept(tell(here, (one.id, numbered(3)))) == 1
    assert kept(tell(here, (one.id, numbered(3)))) == 0
    assert kept(tell(there, (two.id, numbered(3)))) == 0
    there.push(checked(there, making(two, {"label": "둘", "content": "둘"})))
    here.push(checked(here, making(one, {"label": "하나", "content": "하나"})))

    assert number_of(refilling, one) == numbered(3)
    assert number_of(refilling, two) == numbered(4)


def test_numbers_of_other_towns_and_beyond_all_reason_are_kept_for_nobody(
    refilling: Office,
) -> None:
    laptop, away = monitor(refilling, refilling.server.new_scope()), refilling.server.new_scope()

    assert kept(tell(laptop, (new_id(), numbered(2)), scope=away)) == 0
    assert kept(tell(laptop, (new_id(), numbered(10_001)))) == 0
    assert kept(tell(laptop, (new_id(), numbered(10_000)))) == 1
    assert number_of(refilling, improvement(laptop)) == numbered(10_001)


def test_a_server_that_was_not_restored_goes_by_its_own_word(running: Office) -> None:
    laptop = monitor(running, running.server.new_scope())

    assert kept(tell(laptop, (new_id(), numbered(5)))) == 0

    assert number_of(running, improvement(laptop)) == numbered(1)


def test_what_two_laptops_had_numbered_after_the_backup_has_its_numbers_again(
    running: Office, tmp_path: Path
) -> None:
    """The one numbered last comes back first, and something new is numbered between them."""
    server = running.server
    with Line(server.base_url) as line:
        first = RealLaptop(tmp_path, server, server.new_scope(), line)
        last = RealLaptop(tmp_path, server, first.scope, line)
        for laptop in (first, last):
            server.sql(
                "update fieldapp.account set roles = '{monitor}' where id = %s", [laptop.user]
            )
        numbers = {write(laptop): numbered(at) for at, laptop in ((1, first),)}
        first.exchange()
        _, backup = running.back_up()
        for at, laptop in ((2, first), (3, last)):
            numbers[write(laptop)] = numbered(at)
            laptop.exchange()

        running.restore(backup)
        last.exchange()
        between = write(last)
        for laptop in (last, first, last, first):
            laptop.exchange()
        running.end_refill()

        numbers[between] = numbered(4)
        assert {of: number_of(running, entity("improvement", of)) for of in numbers} == numbers
        assert shown(first) == shown(last) == numbers
        for laptop in (first, last):
            laptop.store.close()


def write(laptop: RealLaptop) -> str:
    """A finished checklist of a real laptop, with an improvement."""
    of = entity("improvement", new_id())
    record = new_id()
    laptop.append(
        record,
        kind="create",
        form=CHECK,
        scope=laptop.scope,
        transition=Transition(to="서명 전", seen_rev=0),
        effects=(making(of, {"label": "손잡이", "content": "손잡이"}),),
    )
    return of.id


def shown(laptop: RealLaptop) -> dict[str, str]:
    """The numbers that its worker sees."""
    with laptop.store.reading() as db:
        found = [one for (one,) in db.rows("SELECT id FROM entity WHERE list = 'improvement'")]
        return {one: entities.find(db, "improvement", one).doc.props["no"] for one in found}
