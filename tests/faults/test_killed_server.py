"""A server that dies, refuses or loses its reply: the laptop asks again and stores once."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fieldapp.errors import MembershipMissing, ServerUnreachable
from fieldapp.usecases import exchange, records
from tests.laptops import AppLaptop, enrolled_laptop
from tests.servers import PASSWORD, Server


def turned_to(laptop: AppLaptop, address: str) -> None:
    """The laptop exchanges with the server at this address from now on."""
    exchange.sign_in(
        laptop.session, address=address, user=laptop.session.worker.user, password=PASSWORD
    )


@pytest.mark.parametrize(
    "failpoint", ["push.before_commit:1", "push.after_commit:1", "pull.before_reply:1"]
)
def test_a_server_killed_in_an_exchange_is_asked_again_and_stores_once(
    tmp_path: Path, server: Server, failpoint: str
) -> None:
    scope = server.new_scope()
    laptop = enrolled_laptop(server, tmp_path, user=server.new_user(scope), scope=scope)
    laptop.record_survey(serial="1")
    laptop.record_survey(serial="2")
    doomed = server.another(failpoint=failpoint)
    turned_to(laptop, doomed.base_url)

    with pytest.raises(ServerUnreachable):
        laptop.exchange()

    doomed.wait()
    again = server.another(port=urlsplit(doomed.base_url).port or 0)
    laptop.exchange()
    again.stop()
    assert records.status(laptop.session).unsent == 0
    assert server.sql("select count(*) from fieldapp.record where scope = %s", [scope]) == [(2,)]
    assert server.sql("select count(*) from fieldapp.record_version where scope = %s", [scope]) == [
        (2,)
    ]
    laptop.close()


def test_without_membership_nothing_is_taken_and_nothing_is_lost(
    tmp_path: Path, server: Server
) -> None:
    scope = server.new_scope()
    user = server.new_user(scope)
    laptop = enrolled_laptop(server, tmp_path, user=user, scope=scope)
    laptop.record_survey(serial="4")
    server.sql("delete from fieldapp.membership where account = %s", [user])

    with pytest.raises(MembershipMissing):
        laptop.exchange()

    assert records.status(laptop.session).unsent == 1
    assert laptop.titles() == ["설문 4"]
    assert server.sql("select count(*) from fieldapp.record where scope = %s", [scope]) == [(0,)]
    (waiting,) = exchange.waiting(laptop.session)
    assert waiting.title == "설문 4"
    laptop.close()
