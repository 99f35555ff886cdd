"""Devices that are returned or used no more: told clearly, and nothing they hold is lost by it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fieldapp.domain.exchange import DeviceState, Tokens
from fieldapp.domain.shapes import decode
from fieldapp.errors import UnknownReplica
from fieldapp.server import accounts, devices
from fieldapp.server.devices import Device
from fieldapp.sync import protocol
from tests.servers import Laptop, Server, survey


def run(server: Server, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fieldapp", "server", *arguments],
        env={**os.environ, "FIELDAPP_OWNER_URL": server.postgres.owner_url},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def set_state(server: Server, laptop: Laptop, state: DeviceState) -> Device:
    with accounts.owner_connection(server.postgres.owner_url) as owner:
        return devices.set_state(owner, laptop.replica, state)


def test_a_device_that_is_being_returned_brings_what_it_has_and_receives_nothing(
    server: Server, laptop: Laptop
) -> None:
    neighbour = server.new_laptop(laptop.scope)
    neighbour.push(neighbour.create(survey(1)))
    set_state(server, laptop, "drain")

    brought = laptop.push(laptop.create(survey(2)))
    refused = laptop.post_pull()

    assert brought.results[0].status == "applied"
    assert (refused.status_code, refused.json()["code"]) == (403, "replica_drained")
    assert laptop.hello().commands == ("drain",)
    assert neighbour.hello().commands == ()


def test_a_device_that_is_used_no_more_is_told_so_at_every_door(
    server: Server, laptop: Laptop
) -> None:
    written = laptop.create(survey())
    set_state(server, laptop, "revoked")

    replies = (laptop.http.get(protocol.HELLO), laptop.post_push(written), laptop.post_pull())

    for reply in replies:
        assert (reply.status_code, reply.json()["code"]) == (403, "replica_revoked")
    assert server.sql("select 1 from fieldapp.record where id = %s", [written.object.id]) == []


def test_a_device_used_no_more_is_told_so_even_when_its_worker_has_left_every_scope(
    server: Server, laptop: Laptop
) -> None:
    set_state(server, laptop, "revoked")
    server.sql("delete from fieldapp.membership where account = %s", [laptop.user])

    assert laptop.http.get(protocol.HELLO).json()["code"] == "replica_revoked"


def test_a_device_used_no_more_brings_what_it_had_not_sent_once_it_is_being_returned(
    server: Server, laptop: Laptop
) -> None:
    written = laptop.create(survey())
    set_state(server, laptop, "revoked")
    laptop.post_push(written)

    set_state(server, laptop, "drain")

    assert laptop.receipt(written).status == "applied"


def test_the_sign_in_of_a_device_used_no_more_does_not_serve_in_the_name_of_another(
    server: Server, laptop: Laptop
) -> None:
    other = server.laptop(laptop.user, laptop.scope)
    laptop.hello()
    set_state(server, laptop, "revoked")

    laptop.http.headers[protocol.REPLICA_HEADER] = other.replica
    stolen = laptop.http.get(protocol.HELLO)
    assert laptop.tokens is not None
    renewed = laptop.http.post(protocol.REFRESH, json={"refresh": laptop.tokens.refresh})
    laptop.use(decode(Tokens, renewed.content))
    stolen_again = laptop.http.get(protocol.HELLO)

    assert [stolen.status_code, stolen_again.status_code] == [401, 401]
    assert other.http.get(protocol.HELLO).status_code == 200


def test_a_renewed_sign_in_goes_on_serving_its_own_device(laptop: Laptop) -> None:
    laptop.hello()
    assert laptop.tokens is not None
    renewed = laptop.http.post(protocol.REFRESH, json={"refresh": laptop.tokens.refresh})
    laptop.use(decode(Tokens, renewed.content))

    assert laptop.push(laptop.create(survey())).applied_seq == 1


def test_a_token_that_somebody_tried_in_the_name_of_another_account_still_serves_its_owner(
    server: Server, laptop: Laptop
) -> None:
    neighbour = server.new_laptop()
    laptop.http.headers[protocol.REPLICA_HEADER] = neighbour.replica
    assert laptop.http.get(protocol.HELLO).status_code == 403

    laptop.http.headers[protocol.REPLICA_HEADER] = laptop.replica

    assert laptop.http.get(protocol.HELLO).status_code == 200


def test_a_device_being_returned_counts_as_one_that_may_still_bring_something(
    server: Server, laptop: Laptop
) -> None:
    returned, lost = server.new_laptop(laptop.scope), server.new_laptop(laptop.scope)
    set_state(server, returned, "drain")
    set_state(server, lost, "revoked")

    (scope,) = laptop.hello().scopes

    assert {one.id for one in scope.replicas} == {laptop.replica, returned.replica}


def test_an_operator_finds_a_device_and_sets_it_aside_and_takes_it_back(
    server: Server, laptop: Laptop
) -> None:
    laptop.push(laptop.create(survey()))

    done = [
        run(server, "devices", "--user", laptop.user),
        run(server, "drain", laptop.replica),
        run(server, "revoke", laptop.replica),
        run(server, "readmit", laptop.replica),
    ]

    assert [one.returncode for one in done] == [0, 0, 0, 0], [one.stderr for one in done]
    assert [one.stdout.split("  ")[2] for one in done] == [
        "쓰는 중", "반납 준비", "사용 중지", "쓰는 중",
    ]  # fmt: skip
    assert done[0].stdout.startswith(f"{laptop.replica}  {laptop.user}")
    assert done[0].stdout.strip().endswith("받은 것 1건")
    assert laptop.post_pull().status_code == 200


@pytest.mark.parametrize("replica", ["없는-기기", "01937000-0000-7000-8000-0000000000ee"])
def test_a_device_that_nobody_enrolled_is_named_to_the_operator(
    server: Server, replica: str
) -> None:
    with (
        accounts.owner_connection(server.postgres.owner_url) as owner,
        pytest.raises(UnknownReplica),
    ):
        devices.set_state(owner, replica, "revoked")

    refused = run(server, "revoke", replica)

    assert refused.returncode != 0
    assert replica in refused.stderr
