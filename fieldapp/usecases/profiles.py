"""Profiles of a laptop: make one, open one with its password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from fieldapp.clock import Clock
from fieldapp.domain.access import Worker
from fieldapp.domain.ids import ReplicaId, uuid7
from fieldapp.domain.operation import ReplicaIdentity
from fieldapp.errors import PackRefused
from fieldapp.packs import Catalogue, Pack, PackWorker, read_pack
from fieldapp.storage import meta, packs
from fieldapp.storage.database import Store
from fieldapp.storage.profile import create_profile as create_stored
from fieldapp.storage.profile import list_profiles as list_stored
from fieldapp.storage.profile import open_profile
from fieldapp.usecases.session import Session


@dataclass(frozen=True, slots=True)
class ProfileInfo:
    """A profile as the unlock window lists it; `label` lies in clear beside the store."""

    id: str
    label: str
    folder: Path


def list_profiles(root: Path) -> tuple[ProfileInfo, ...]:
    """The profiles of this laptop, by label."""
    found = [ProfileInfo(p.id, p.label, p.folder) for p in list_stored(root)]
    return tuple(sorted(found, key=lambda profile: profile.label))


def create_profile(
    root: Path, *, label: str, worker: Worker, password: str, clock: Clock, packs_dir: Path
) -> Session:
    """A new profile with its key, an empty store and the packs that ship with the app.

    Raises WeakPassword, StoreExists, StoreFull.
    """
    now = clock.now()
    profile_id = secrets.token_hex(8)
    store = create_stored(
        root / profile_id,
        label=label,
        password=password,
        identity=ReplicaIdentity(ReplicaId(uuid7(now)), 1),
        created_at=now,
    )
    with store.writing() as db:
        meta.put_worker(db, worker)
    return _session(store, worker, clock, packs_dir, profile_id)


def unlock(profile: ProfileInfo, password: str, clock: Clock, packs_dir: Path) -> Session:
    """Open a profile.

    Raises WrongPassword, KeyFileDamaged, StoreInUse, StoreDamaged, StoreTooNew.
    """
    store = open_profile(profile.folder, password)
    with store.reading() as db:
        worker = meta.worker(db)
    return _session(store, worker, clock, packs_dir, profile.id)


def _session(
    store: Store, worker: Worker, clock: Clock, packs_dir: Path, profile_id: str
) -> Session:
    """Stored form versions open without pyxform; a workbook not seen before is compiled once."""
    catalogue = Catalogue()
    with store.reading() as db:
        stored = packs.all_packs(db)
    known = {pack.workbook_sha256 for pack in stored}
    for pack in stored:
        catalogue.add_compiled(pack.content)
    refused: list[PackRefused] = []
    with PackWorker() as converter:
        for file in sorted(packs_dir.iterdir()):
            if file.suffix in (".xlsx", ".pack"):
                try:
                    install(store, catalogue, file, known, converter)
                except PackRefused as refusal:
                    refused.append(refusal)
    return Session(
        store=store,
        worker=worker,
        clock=clock,
        catalogue=catalogue,
        profile_id=profile_id,
        boot_id=secrets.token_hex(8),
        refused=tuple(refused),
    )


def install(
    store: Store, catalogue: Catalogue, file: Path, known: set[str], converter: PackWorker
) -> None:
    """Read a workbook (`.xlsx`) or a version compiled before (`.pack`) into the store.

    Nothing happens when a version of these very bytes stands there. Raises PackRefused.
    """
    content = file.read_bytes()
    if file.suffix == ".pack":
        pack = Pack.from_stored(content)
    elif packs.digest(content) in known:
        return
    else:
        pack = read_pack(content, file.name, converter=converter)
    if pack.workbook_sha256 in known:
        return
    with store.writing() as db:
        packs.install(
            db, form=pack.plans.form, content=pack.to_stored(), workbook_sha256=pack.workbook_sha256
        )
    catalogue.add(pack)
