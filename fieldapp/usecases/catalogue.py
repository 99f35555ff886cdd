"""Programmes and reference lists that a round brings: fetched, checked, and at hand at once.

Newest versions come after what was written here has gone up, and before what others wrote is
pulled. A version that only some record is written on comes once that record is here. Nothing of it
can spoil a round: what the line broke goes on in the next one, and what this app cannot read is
told, kept as it came, and read again by a later app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from fieldapp.domain.catalogue import LIST_TAG, CatalogueItem, CatalogueNews
from fieldapp.domain.exchange import ExchangeOutcome, Hello, Progress
from fieldapp.domain.ids import RecordId, ReplicaId
from fieldapp.domain.operation import FormRef
from fieldapp.errors import (
    ExchangeTrouble,
    FieldAppError,
    MalformedMessage,
    PackRefused,
    PackTrouble,
    PackUnreadable,
    ServerFailed,
)
from fieldapp.messages import message_for
from fieldapp.packs import Pack, read_list
from fieldapp.storage import arriving, meta, packs, reference
from fieldapp.storage.database import Store
from fieldapp.sync.catalogue import fetch_item
from fieldapp.sync.connection import Connection
from fieldapp.usecases.session import Session


@dataclass
class Receiving:
    """The catalogue's part of one round."""

    session: Session
    connection: Connection
    replica: ReplicaId
    progress: Callable[[Progress], None]
    cancelled: Callable[[], bool]
    news: CatalogueNews = field(default_factory=CatalogueNews)

    def take_newest(self, hello: Hello) -> None:
        """Fetch what the greeting names and this device lacks; new records are written on it.

        A version that was withdrawn is named no more: then on the one before it.
        """
        note_current(self.session, hello.catalogue)
        wanted = self._lacking(hello)
        if not wanted:
            self._sweep()
            return
        try:
            items = self.connection.catalogue(self.replica).items
            named = [one for one in items if (_tag(one), one.version) in wanted]
            self._take(((one, None) for one in named), len(named))
        except (ExchangeTrouble, MalformedMessage):
            # The line's matter, or the server's: whatever is wrong with it, the round will tell.
            return

    def take_written_on(self) -> None:
        """Fetch the versions that records here are written on and this device lacks."""
        with self.session.store.reading() as db:
            lacking = packs.lacking(db)
        if not lacking:
            return
        try:
            self._take(self._offered_for(lacking), len(lacking))
        except ExchangeTrouble:
            return

    def told(self, outcome: ExchangeOutcome) -> ExchangeOutcome:
        """The round's outcome with what came."""
        return replace(
            outcome,
            programmes=self.news.packs,
            reference_lists=self.news.lists,
            refused_programmes=self.news.refused,
        )

    def _lacking(self, hello: Hello) -> frozenset[tuple[str, str]]:
        """The tags, with their versions, that are not here."""
        with self.session.store.reading() as db:
            lists = reference.versions(db)
        forms = {(form.id, form.version) for form in self.session.catalogue.forms()}
        here = forms | {(LIST_TAG + name, version) for name, version in lists.items()}
        return frozenset(hello.catalogue.items()) - here

    def _offered_for(
        self, lacking: Iterable[tuple[FormRef, RecordId]]
    ) -> Iterator[tuple[CatalogueItem, RecordId]]:
        for form, record_id in lacking:
            try:
                items = self.connection.catalogue(self.replica, record_id).items
            except (MalformedMessage, ServerFailed):
                continue
            for item in items:
                if (item.id, item.version) == (form.id, form.version):
                    yield item, record_id

    def _take(self, items: Iterable[tuple[CatalogueItem, RecordId | None]], total: int) -> None:
        for number, (item, record_id) in enumerate(items):
            self.progress(Progress("catalogue", number, total))
            try:
                content = fetch_item(
                    item,
                    self.connection,
                    self.replica,
                    StoreArriving(self.session.store),
                    record=record_id,
                    cancelled=self.cancelled,
                )
            except (MalformedMessage, ServerFailed):
                # One that does not come right keeps no other away; it is asked for again.
                continue
            self._install(item, content)
        self.progress(Progress("catalogue", total, total))

    def _install(self, item: CatalogueItem, content: bytes) -> None:
        news = self.news
        try:
            if item.kind == "pack":
                title = install_pack(self.session, item, content)
                self.news = replace(news, packs=(*news.packs, title))
            else:
                install_list(self.session, item, content)
                self.news = replace(news, lists=(*news.lists, item.id))
        except PackTrouble as refusal:
            # Its bytes stay: the next app reads them without asking for them again.
            self.news = replace(news, refused=(*news.refused, _words(refusal)))

    def _sweep(self) -> None:
        with self.session.store.reading() as db:
            is_clean = arriving.is_empty(db)
        if not is_clean:
            with self.session.store.writing() as db:
                arriving.forget_all(db)


class StoreArriving:
    """Where a store keeps what came so far."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begun(self, sha256: str) -> bytes:
        """The first bytes, as many as came."""
        with self._store.reading() as db:
            return arriving.begun(db, sha256)

    def keep(self, sha256: str, at_byte: int, content: bytes) -> None:
        """The bytes from at_byte on."""
        with self._store.writing() as db:
            arriving.keep(db, sha256, at_byte, content)

    def forget(self, sha256: str) -> None:
        """It was something else."""
        with self._store.writing() as db:
            arriving.forget(db, sha256)


def note_current(session: Session, tags: Mapping[str, str]) -> None:
    """Which version of each programme the server names: from now on, also without it."""
    named = {tag: version for tag, version in tags.items() if not tag.startswith(LIST_TAG)}
    with session.store.reading() as db:
        is_known = meta.current_forms(db) == named
    if not is_known:
        with session.store.writing() as db:
            meta.put_current_forms(db, named)
        session.catalogue.put_current(named)


def install_pack(session: Session, item: CatalogueItem, content: bytes) -> str:
    """Keep a form version as the server compiled it, at hand from now on; returns its title.

    Raises PackUnreadable, PackVersionTaken.
    """
    try:
        pack = Pack.from_stored(content)
    except MalformedMessage as error:
        raise PackUnreadable(form_id=item.id, version=item.version) from error
    if pack.form != FormRef(id=item.id, version=item.version):
        raise PackUnreadable(form_id=item.id, version=item.version)
    with session.store.writing() as db:
        packs.install(db, form=pack.form, content=content, workbook_sha256=pack.workbook_sha256)
        arriving.forget(db, item.sha256)
    session.catalogue.add(pack)
    return f"{pack.plans.title}({item.version}판)"


def install_list(session: Session, item: CatalogueItem, content: bytes) -> None:
    """Keep a reference list in place of its last version. Raises PackRefused."""
    rows = read_list(content, f"{item.id}.csv").rows
    with session.store.writing() as db:
        reference.put(db, item.id, item.version, rows)
        arriving.forget(db, item.sha256)


def _tag(item: CatalogueItem) -> str:
    return item.id if item.kind == "pack" else LIST_TAG + item.id


def _words(refusal: FieldAppError) -> str:
    if isinstance(refusal, PackRefused):
        return f"{refusal.facts['file_name']}: {refusal.facts['first']}"
    told = message_for(refusal)
    return f"{told.happened} {told.next}"
