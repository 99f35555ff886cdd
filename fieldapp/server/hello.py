"""The greeting: what the server speaks, its time, and what this replica may hold."""

from __future__ import annotations

from datetime import datetime

from fieldapp.clock import KOREA, instant_text
from fieldapp.domain.exchange import Hello, Place, ReplicaSeen, ScopeHead
from fieldapp.server.catalogue import offered, tags_of
from fieldapp.server.database import Pool, life_of, transaction_of
from fieldapp.server.forms import Forms
from fieldapp.server.sessions import Account, speaker
from fieldapp.sync.protocol import COMMAND_DRAIN, COMMAND_REFILLING, PROTOCOL_MAX, PROTOCOL_MIN


def greet(pool: Pool, forms: Forms, account: Account, replica: str, now: datetime) -> Hello:
    """Hello to a replica, which is hereby seen. Raises MembershipMissing, ReplicaRevoked."""
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
        places = connection.execute(
            "select id, label, kind, parent from fieldapp.places()"
        ).fetchall()
        catalogue = tags_of(offered(connection), forms.beside())
        life = life_of(connection)
        commands = {COMMAND_DRAIN: asker.is_drained, COMMAND_REFILLING: life.is_refilling}
    return Hello(
        protocol_min=PROTOCOL_MIN,
        protocol_max=PROTOCOL_MAX,
        epoch=life.epoch,
        server_time=instant_text(now),
        scopes=tuple(
            ScopeHead(id=scope, head=head, replicas=tuple(seen.get(scope, ())))
            for scope, head in sorted(heads)
        ),
        catalogue=catalogue,
        commands=tuple(name for name, holds in commands.items() if holds),
        places=tuple(
            Place(id=scope, label=label, kind=kind, parent=parent)
            for scope, label, kind, parent in places
        ),
        incarnation=asker.incarnation,
        settled_through=asker.settled_seq,
    )
