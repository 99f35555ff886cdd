"""The greeting: what the server speaks, its time, and what this replica may hold."""

from __future__ import annotations

from datetime import datetime

from fieldapp.clock import KOREA, instant_text
from fieldapp.domain.exchange import Hello, ReplicaSeen, ScopeHead
from fieldapp.server.database import Pool, epoch_of, transaction_of
from fieldapp.server.forms import Forms
from fieldapp.server.sessions import Account, speaker
from fieldapp.sync.protocol import PROTOCOL_MAX, PROTOCOL_MIN


def greet(pool: Pool, forms: Forms, account: Account, replica: str, now: datetime) -> Hello:
    """Hello to a replica, which is hereby seen. Raises MembershipMissing."""
    with transaction_of(pool, account.id) as connection:
        asker = speaker(connection, replica)
        connection.execute(
            "update fieldapp.replica set last_seen = now() where id = %s", [asker.replica]
        )
        heads = connection.execute("select scope, head from fieldapp.scope_head").fetchall()
        seen: dict[str, list[ReplicaSeen]] = {}
        for scope, replica_id, last_seen, applied_seq in connection.execute(
            "select scope, replica::text, last_seen, applied_seq from fieldapp.scope_replicas()"
        ):
            seen.setdefault(scope, []).append(
                ReplicaSeen(
                    id=replica_id,
                    last_seen=instant_text(last_seen.astimezone(KOREA)),
                    applied_seq=applied_seq,
                )
            )
        epoch = epoch_of(connection)
    return Hello(
        protocol_min=PROTOCOL_MIN,
        protocol_max=PROTOCOL_MAX,
        epoch=epoch,
        server_time=instant_text(now),
        scopes=tuple(
            ScopeHead(id=scope, head=head, replicas=tuple(seen.get(scope, ())))
            for scope, head in sorted(heads)
        ),
        catalogue=forms.newest(),
    )
