"""Programmes and lists that a round brings: at hand at once, whatever the line does."""

from __future__ import annotations

import hashlib
import itertools
from contextlib import suppress
from pathlib import Path

import pytest

from fieldapp.domain.ids import RecordId
from fieldapp.domain.operation import FormRef
from fieldapp.errors import Cancelled, ExchangeTrouble
from fieldapp.server import accounts, publishing
from fieldapp.storage import arriving, meta, packs
from fieldapp.storage.reference import ReferenceRows
from fieldapp.sync.catalogue import PIECE_BYTES, fetch_item
from fieldapp.usecases import exchange, filling, finishing
from fieldapp.usecases.catalogue import StoreArriving
from fieldapp.usecases.line import open_line
from tests.catalogues import NOW, memo, new_name, publish, publish_list
from tests.laptops import AppLaptop, new_laptop
from tests.servers import Server
from tests.sync.lines import Cut, Line

Pair = tuple[AppLaptop, AppLaptop]


def write(laptop: AppLaptop, form: FormRef, text: str) -> RecordId:
    """A record of one answer, finished."""
    opened = filling.open_new(laptop.session, form.id)
    assert opened.form == form
    opened.filling.answer("memo", text)
    finishing.finish(laptop.session, opened.snapshot(None))
    return opened.record_id


def place(laptop: AppLaptop) -> str:
    """Where the laptop's town is offered something, and nobody else."""
    return f"ref:{laptop.session.worker.scope}"


def has(laptop: AppLaptop, form: FormRef) -> bool:
    return form in laptop.session.catalogue.forms()


def test_a_published_programme_is_filled_in_the_running_app_and_arrives_on_another(
    pair: Pair, server: Server
) -> None:
    first, second = pair
    pack = memo()
    publish(server, pack, place(first))

    outcome = first.exchange()
    record_id = write(first, pack.form, "가상-전함")
    first.exchange()
    second.exchange()

    assert outcome.programmes == ("가상 메모(1판)",)
    assert second.answers(record_id)["memo"] == "가상-전함"
    assert first.exchange().programmes == ()


def test_a_programme_that_came_is_there_after_the_app_was_closed(
    pair: Pair, server: Server, tmp_path: Path
) -> None:
    first, _ = pair
    pack = memo()
    publish(server, pack, place(first))
    first.exchange()
    nothing = tmp_path / "no packs"
    nothing.mkdir()

    reopened = first.reopen(nothing)

    assert has(reopened, pack.form)
    reopened.close()


def test_the_newest_version_is_filled_and_a_record_stays_on_its_own(
    pair: Pair, server: Server
) -> None:
    first, second = pair
    old = memo(version="9")
    new = memo(old.form.id, "10", "새 물음")
    publish(server, old, place(first))
    first.exchange()
    earlier = write(first, old.form, "가상-처음")
    publish(server, new, place(first))

    first.exchange()
    later = write(first, new.form, "가상-나중")
    first.exchange()
    outcome = second.exchange()

    # The second laptop never had the first version: it came with the record.
    assert sorted(outcome.programmes) == ["가상 메모(10판)", "가상 메모(9판)"]
    for record_id, form in ((earlier, old.form), (later, new.form)):
        opened = filling.open_record(second.session, record_id)
        assert opened.form == form


def test_progress_of_what_comes_never_goes_back(pair: Pair, server: Server) -> None:
    first, second = pair
    for _ in range(2):
        old = memo(version="1")
        publish(server, old, place(first))
        first.exchange()
        write(first, old.form, "가상-처음")
        publish(server, memo(old.form.id, "2"), place(first))
        first.exchange()
    told: list[tuple[int, int | None]] = []

    exchange.exchange(
        second.session,
        progress=lambda one: (
            told.append((one.done, one.total)) if one.stage == "catalogue" else None
        ),
        cancelled=lambda: False,
    )

    assert told == 2 * [(0, 2), (1, 2), (2, 2)]


def put_in(
    server: Server, scope: str, form: FormRef, content: bytes, *, announced: bytes | None = None
) -> None:
    """A form version in the catalogue as no publisher would leave it."""
    sha256 = hashlib.sha256(content if announced is None else announced).hexdigest()
    server.sql(
        "insert into fieldapp.catalogue_item (kind, id, version, scopes, source_sha256, sha256,"
        " size, content, published_at)"
        " values ('pack', %s, %s, array[%s], %s, %s, %s, %s, now())",
        [form.id, form.version, scope, sha256, sha256, len(content), content],
    )


def test_a_programme_of_a_later_app_is_told_and_kept_and_the_round_goes_on(
    pair: Pair, server: Server
) -> None:
    first, second = pair
    form, content = FormRef(id=new_name(), version="1"), b'{"format": 2}'
    put_in(server, place(first), form, content)
    record_id = first.record_survey(serial="7")

    outcome = first.exchange()
    second.exchange()

    (told,) = outcome.refused_programmes
    assert form.id in told
    assert "새 판으로 바꾸면" in told
    assert not has(first, form)
    assert second.answers(record_id) == first.answers(record_id)
    with first.session.store.reading() as db:
        assert arriving.begun(db, hashlib.sha256(content).hexdigest()) == content
    server.sql("delete from fieldapp.catalogue_item where id = %s", [form.id])
    first.exchange()
    with first.session.store.reading() as db:
        assert arriving.is_empty(db)


def test_bytes_that_are_not_those_announced_are_believed_nowhere(
    pair: Pair, server: Server
) -> None:
    first, _ = pair
    pack, sound = memo("a_" + new_name()), memo("b_" + new_name())
    put_in(server, place(first), pack.form, pack.to_stored(), announced=b"other")
    publish(server, sound, place(first))

    first.exchange()

    assert has(first, sound.form)
    assert not has(first, pack.form)
    with first.session.store.reading() as db:
        assert arriving.is_empty(db)


def test_a_programme_under_the_name_of_another_is_refused(pair: Pair, server: Server) -> None:
    first, _ = pair
    pack, form = memo(), FormRef(id=new_name(), version="1")
    put_in(server, place(first), form, pack.to_stored())

    (told,) = first.exchange().refused_programmes

    assert form.id in told
    assert not has(first, form)
    assert not has(first, pack.form)


def test_a_version_that_is_here_with_other_content_stays_as_it_is(
    pair: Pair, server: Server
) -> None:
    first, _ = pair
    mine = memo(version="1")
    with first.session.store.writing() as db:
        packs.install(db, form=mine.form, content=mine.to_stored(), workbook_sha256="0" * 64)
    publish(server, mine, place(first))

    (told,) = first.exchange().refused_programmes

    assert "내용이 다른 파일" in told


def test_a_workbook_beside_the_app_under_a_version_that_came_keeps_nobody_out(
    pair: Pair, server: Server, tmp_path: Path
) -> None:
    first, _ = pair
    pack = memo()
    publish(server, pack, place(first))
    first.exchange()
    beside = tmp_path / "beside"
    beside.mkdir()
    (beside / "other.pack").write_bytes(memo(pack.form.id, label="다른 물음").to_stored())

    reopened = first.reopen(beside)

    (refused,) = reopened.session.refused
    assert refused.facts["file_name"] == "other.pack"
    assert reopened.session.catalogue.find(pack.form).workbook == pack.workbook
    reopened.close()


def test_a_list_that_a_cut_line_left_half_way_goes_on_where_it_stopped(
    pair: Pair, server: Server
) -> None:
    first, _ = pair
    name = "gasang_long"
    rows = "".join(f"code{number},가상-{number}번지 {'가' * 40}\n" for number in range(4_000))
    publish_list(server, name, "1", f"name,label\n{rows}", place(first))
    with first.session.store.reading() as db:
        replica = meta.identity(db).replica
    asked = itertools.count()

    with open_line(first.session) as connection:
        item = next(one for one in connection.catalogue(replica).items if one.id == name)
        kept = StoreArriving(first.session.store)
        with pytest.raises(Cancelled):
            fetch_item(item, connection, replica, kept, cancelled=lambda: next(asked) > 0)
    begun = kept.begun(item.sha256)
    assert len(begun) == PIECE_BYTES < item.size

    outcome = first.exchange()

    assert outcome.reference_lists == (name,)
    assert len(list(ReferenceRows(first.session.store, name).scan())) == 4_000
    with first.session.store.reading() as db:
        assert arriving.is_empty(db)


def test_a_laptop_that_is_returned_receives_no_programme(pair: Pair, server: Server) -> None:
    first, _ = pair
    pack = memo()
    publish(server, pack, place(first))
    with first.session.store.reading() as db:
        replica = meta.identity(db).replica
    server.sql("update fieldapp.replica set state = 'drain' where id = %s", [replica])

    outcome = first.exchange()

    assert outcome.is_drained
    assert not has(first, pack.form)


def test_new_records_are_written_on_the_version_before_one_that_was_withdrawn(
    pair: Pair, server: Server, compiled_packs: Path
) -> None:
    first, _ = pair
    good = memo(version="1")
    wrong = memo(good.form.id, "2", "틀린 물음")
    publish(server, good, place(first))
    first.exchange()
    publish(server, wrong, place(first))
    first.exchange()
    earlier = write(first, wrong.form, "가상-틀린 판")

    with accounts.owner_connection(server.postgres.owner_url) as owner:
        publishing.withdraw(owner, "pack", wrong.form.id, "2", at=NOW)
    first.exchange()

    write(first, good.form, "가상-다시")
    assert filling.open_record(first.session, earlier).form == wrong.form
    reopened = first.reopen(compiled_packs)
    write(reopened, good.form, "가상-그 뒤에도")
    assert reopened.exchange().sent == 2
    reopened.close()


def test_a_line_cut_anywhere_costs_no_more_than_the_piece_it_was_cut_in(
    tmp_path: Path, server: Server
) -> None:
    scope, name = server.new_scope(), "gasang_cut"
    rows = "".join(f"code{number},가상-{number}번지 {'가' * 40}\n" for number in range(2_500))
    laptop = new_laptop(tmp_path / "cut", server.packs, user=server.new_user(scope), scope=scope)
    with Line(server.base_url) as line:
        laptop.enrol(server, address=line.base_url)
        laptop.exchange()
        line.mend()
        laptop.exchange()
        quiet, resumed = line.carried["down"], 0

        for version, after_bytes in enumerate((1, 1_500, 20_000, 200_000, 262_000, 300_000), 1):
            table = f"name,label\n{rows}last{version},가상\n"
            publish_list(server, name, str(version), table, f"ref:{scope}")
            line.mend(Cut("down", quiet // 2 + after_bytes))
            with suppress(ExchangeTrouble):
                laptop.exchange()
            with laptop.session.store.reading() as db:
                begun = len(arriving.begun(db, hashlib.sha256(table.encode()).hexdigest()))
            resumed += begun > 0
            line.mend()
            laptop.exchange()

            # Beside what was lacking: the greeting, what is offered, heads of replies.
            assert line.carried["down"] < len(table.encode()) - begun + 8_000
            (row,) = ReferenceRows(laptop.session.store, name).find("name", f"last{version}")
            assert row["label"] == "가상"
    assert resumed > 0
    laptop.close()
