"""Programmes and lists that the server offers: to whom, which bytes, and from when it judges."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx
import pytest

from fieldapp.__main__ import main
from fieldapp.domain.catalogue import CatalogueItem, CatalogueReply
from fieldapp.domain.operation import FormRef
from fieldapp.domain.shapes import decode
from fieldapp.errors import ListVersionTaken, PackRefused, PackVersionTaken, UnknownScope
from fieldapp.packs import Pack
from fieldapp.server import accounts, publishing
from fieldapp.sync import protocol
from tests.catalogues import NOW, memo, memo_workbook, new_name, publish, publish_list
from tests.server.errands import new_town
from tests.servers import Laptop, Server


def offered(laptop: Laptop, query: str = "") -> list[CatalogueItem]:
    reply = laptop.http.get(protocol.CATALOGUE + query)
    assert reply.status_code == 200, reply.text
    return list(decode(CatalogueReply, reply.content).items)


def find(laptop: Laptop, form: FormRef) -> CatalogueItem | None:
    return next((one for one in offered(laptop) if (one.id, one.version) == form_key(form)), None)


def form_key(form: FormRef) -> tuple[str, str]:
    return form.id, form.version


def address(form: FormRef) -> str:
    return f"{protocol.CATALOGUE}/pack/{form.id}/{form.version}"


def written_on(laptop: Laptop, pack: Pack) -> str:
    """The status that an operation of this programme gets."""
    return laptop.receipt(laptop.create({"memo": "가상"}, form=pack.form)).status


def test_a_published_programme_is_offered_and_comes_whole(server: Server, laptop: Laptop) -> None:
    pack = memo()
    assert publish(server, pack)

    item = find(laptop, pack.form)
    content = laptop.http.get(address(pack.form))

    assert item is not None
    assert laptop.hello().catalogue[pack.form.id] == "1"
    assert content.headers["etag"] == f'"{item.sha256}"'
    assert len(content.content) == item.size
    assert hashlib.sha256(content.content).hexdigest() == item.sha256
    assert Pack.from_stored(content.content).form == pack.form


def test_ranges_of_a_version_join_to_the_whole_and_a_known_one_is_not_sent_again(
    server: Server, laptop: Laptop
) -> None:
    pack = memo()
    publish(server, pack)
    whole = laptop.http.get(address(pack.form))

    pieces = b""
    while len(pieces) < len(whole.content):
        asked = {"Range": f"bytes={len(pieces)}-{len(pieces) + 1999}"}
        piece = laptop.http.get(address(pack.form), headers=asked)
        assert piece.status_code == 206
        pieces += piece.content

    assert pieces == whole.content
    beyond = {"Range": f"bytes={len(pieces)}-"}
    assert laptop.http.get(address(pack.form), headers=beyond).status_code == 416
    known = {"If-None-Match": whole.headers["etag"]}
    assert laptop.http.get(address(pack.form), headers=known).status_code == 304


def test_the_same_workbook_again_is_nothing_and_another_under_its_version_is_refused(
    server: Server, laptop: Laptop
) -> None:
    pack = memo()
    assert publish(server, pack)
    before = find(laptop, pack.form)

    assert not publish(server, pack)
    with pytest.raises(PackVersionTaken):
        publish(server, memo(pack.form.id, label="다른 물음"))

    assert find(laptop, pack.form) == before


def test_a_programme_for_a_place_is_for_all_below_it_and_for_nobody_beside_it(
    server: Server,
) -> None:
    city, town, other = server.new_scope(), server.new_scope(), server.new_scope()
    server.sql("update fieldapp.scope set parent = %s where id = %s", [city, town])
    inside, outside = server.new_laptop(town), server.new_laptop(other)
    pack = memo()
    publish(server, pack, f"ref:{city}")
    assert written_on(inside, pack) == "applied"

    assert find(inside, pack.form) is not None
    assert inside.http.get(address(pack.form)).status_code == 200
    assert find(outside, pack.form) is None
    assert outside.http.get(address(pack.form)).status_code == 404
    assert pack.form.id not in outside.hello().catalogue

    publish(server, pack, f"ref:{other}")

    assert find(outside, pack.form) is not None


def test_a_place_that_the_server_does_not_know_is_refused(server: Server) -> None:
    for scope in ("ref:가상-없는곳", "가상-동", "ref:"):
        with pytest.raises(UnknownScope):
            publish(server, memo(), scope)


def test_a_programme_of_another_place_comes_with_a_record_that_one_may_read(
    server: Server,
) -> None:
    town = new_town(server)
    author, reader, stranger = town.laptop("secretariat"), town.laptop(), server.new_laptop()
    home = server.new_scope()
    pack = memo()
    publish(server, pack, f"ref:{home}")
    created = author.create({"memo": "가상"}, form=pack.form)
    assert author.receipt(created).status == "applied"
    query = f"?record={created.object.id}"

    assert find(reader, pack.form) is None
    (item,) = offered(reader, query)
    content = reader.http.get(address(pack.form) + query).content

    assert form_key(pack.form) == (item.id, item.version)
    assert hashlib.sha256(content).hexdigest() == item.sha256
    assert offered(stranger, query) == []
    assert stranger.http.get(address(pack.form) + query).status_code == 404
    other = memo()
    publish(server, other, f"ref:{home}")
    assert reader.http.get(address(other.form) + query).status_code == 404


def test_what_waited_for_its_programme_is_taken_once_that_is_published(
    server: Server, laptop: Laptop
) -> None:
    pack = memo()
    waiting = laptop.create({"memo": "가상"}, form=pack.form)
    before = laptop.receipt(waiting)

    publish(server, pack)
    after = laptop.receipt(waiting)

    assert (before.status, before.code) == ("held", protocol.CODE_UNKNOWN_FORM)
    assert after.status == "applied"


def test_a_server_that_starts_later_knows_what_was_published(server: Server) -> None:
    pack = memo()
    publish(server, pack)
    with server.another() as later:
        scope = server.new_scope()
        laptop = server.laptop(server.new_user(scope), scope, later.base_url)

        assert written_on(laptop, pack) == "applied"


def test_a_withdrawn_version_is_offered_for_nothing_new_and_goes_on_being_judged(
    server: Server, laptop: Laptop
) -> None:
    old, new = memo("memo_withdrawn", "9"), memo("memo_withdrawn", "10")
    publish(server, old)
    publish(server, new)
    assert laptop.hello().catalogue["memo_withdrawn"] == "10"

    with accounts.owner_connection(server.postgres.owner_url) as owner:
        publishing.withdraw(owner, "pack", "memo_withdrawn", "10", at=NOW)

    assert laptop.hello().catalogue["memo_withdrawn"] == "9"
    item = find(laptop, new.form)
    assert item is not None
    assert item.withdrawn
    assert laptop.http.get(address(new.form)).status_code == 200
    assert written_on(laptop, new) == "applied"


def test_a_version_that_this_server_cannot_read_holds_what_is_written_on_it_and_nothing_else(
    server: Server, laptop: Laptop
) -> None:
    later, pack = FormRef(id=new_name(), version="1"), memo()
    server.sql(
        "insert into fieldapp.catalogue_item (kind, id, version, scopes, source_sha256, sha256,"
        " size, content, published_at) values ('pack', %s, '1', array['ref:all'], %s, %s, 1,"
        " 'x', now())",
        [later.id, "0" * 64, "0" * 64],
    )
    publish(server, pack)

    unreadable = laptop.receipt(laptop.create({"memo": "가상"}, form=later))

    assert (unreadable.status, unreadable.code) == ("held", protocol.CODE_UNKNOWN_FORM)
    assert written_on(laptop, pack) == "applied"


def test_a_list_keeps_its_bytes_and_a_version_means_one_table(
    server: Server, laptop: Laptop
) -> None:
    table = "name,label,city\na,가상-가동,가상시\nb,가상-나동,가상시\n"
    assert publish_list(server, "gasang_dong", "1", table)
    assert not publish_list(server, "gasang_dong", "1", table)

    with pytest.raises(ListVersionTaken):
        publish_list(server, "gasang_dong", "1", table.replace("나동", "다동"))

    assert laptop.hello().catalogue["list/gasang_dong"] == "1"
    content = laptop.http.get(f"{protocol.CATALOGUE}/list/gasang_dong/1").content
    assert content.decode() == table


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "행이 없습니다"),
        ("name,city\na,가상시\n", "label"),
        ("name,label\na,가\na,나\n", "머리글 아래 2번째 행 name"),
        ("name,label\na,\n", "머리글 아래 1번째 행 label"),
        ('name,label\na,"가\n', "읽을 수 없습니다"),
    ],
)
def test_a_table_with_a_mistake_is_refused_where_it_stands(
    server: Server, table: str, told: str
) -> None:
    with pytest.raises(PackRefused) as refused:
        publish_list(server, "gasang_bad", "1", table)

    assert told in str(refused.value.facts["first"])


def test_a_device_that_is_returned_is_offered_nothing(server: Server, laptop: Laptop) -> None:
    pack = memo()
    publish(server, pack)
    server.sql("update fieldapp.replica set state = 'drain' where id = %s", [laptop.replica])

    for path in (protocol.CATALOGUE, address(pack.form)):
        assert laptop.http.get(path).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/pack/none/1", "/list/none/1", "/other/none/1", "/pack/none/%00", "/pack/none/a/b"],
)
def test_what_is_not_offered_is_not_found(laptop: Laptop, path: str) -> None:
    assert laptop.http.get(protocol.CATALOGUE + path).status_code == 404


def test_nobody_is_offered_anything_without_a_token(server: Server, laptop: Laptop) -> None:
    names = (protocol.PROTOCOL_HEADER, protocol.REPLICA_HEADER)
    headers = {name: laptop.http.headers[name] for name in names}
    for path in (protocol.CATALOGUE, f"{protocol.CATALOGUE}/pack/P13e/1"):
        assert httpx.get(server.base_url + path, headers=headers).status_code == 401


@pytest.fixture
def as_operator(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands work on the database of these tests."""
    monkeypatch.setenv("FIELDAPP_OWNER_URL", server.postgres.owner_url)


@pytest.mark.usefixtures("as_operator")
def test_an_operator_publishes_a_workbook_and_is_told_where_another_is_wrong(
    laptop: Laptop,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    form_id, workbook = new_name(), tmp_path / "가상-메모.xlsx"
    workbook.write_bytes(memo_workbook(form_id))
    wrong = tmp_path / "가상-틀림.xlsx"
    wrong.write_bytes(memo_workbook("잘못된 이름"))

    assert main(["server", "publish", str(workbook)]) == 0
    assert main(["server", "catalogue"]) == 0
    told = capsys.readouterr().out
    assert main(["server", "publish", str(wrong)]) == 1

    assert "내놓았습니다" in told
    assert f"서식  {form_id}  1판  ref:all" in told
    assert "settings 2행 form_id" in capsys.readouterr().err
    assert find(laptop, FormRef(id=form_id, version="1")) is not None


@pytest.mark.usefixtures("as_operator")
def test_an_operator_publishes_and_withdraws_a_list(
    laptop: Laptop,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = tmp_path / "gasang_offices.csv"
    table.write_text("name,label\na,가상-복지과\n", encoding="cp949")
    publishing_it = ["server", "publish", str(table), "--scope", f"ref:{laptop.scope}"]

    assert main([*publishing_it, "--version", "1"]) == 0
    assert main([*publishing_it, "--version", "1"]) == 0
    assert "이미 내놓았습니다" in capsys.readouterr().out
    assert laptop.hello().catalogue["list/gasang_offices"] == "1"
    assert main(["server", "withdraw", "list", "gasang_offices", "1"]) == 0
    assert main(["server", "catalogue"]) == 0

    assert "거둠" in capsys.readouterr().out
    assert "list/gasang_offices" not in laptop.hello().catalogue


@pytest.mark.usefixtures("as_operator")
@pytest.mark.parametrize(
    ("file", "arguments", "told"),
    [
        ("gasang_offices.csv", [], "--version: 판 번호가 비어 있습니다."),
        ("가상.csv", ["--version", "1"], "목록의 이름으로 쓸 수 없습니다."),
        ("gasang_offices.csv", ["--version", "a/b"], "판 번호에 쓸 수 없는 글자"),
        ("none.xlsx", [], "열 수 없습니다."),
        ("gasang_offices.csv", ["--version", "1", "--scope", "가상"], "관할이 서버에 없습니다."),
    ],
)
def test_what_an_operator_cannot_publish_is_told_and_not_offered(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    arguments: list[str],
    told: str,
) -> None:
    for name in ("gasang_offices.csv", "가상.csv"):
        (tmp_path / name).write_text("name,label\na,가상-복지과\n", encoding="utf-8")

    assert main(["server", "publish", str(tmp_path / file), *arguments]) == 1

    assert told in capsys.readouterr().err
