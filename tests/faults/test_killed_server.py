"""A server that refuses a whole account: nothing is taken, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from fieldapp.errors import MembershipMissing
from fieldapp.usecases import exchange, records
from tests.laptops import enrolled_laptop
from tests.servers import Server


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
