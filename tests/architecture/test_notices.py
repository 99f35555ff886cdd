"""The lock installs anywhere and says what was looked at; the notices name all of it."""

from __future__ import annotations

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT, our_texts

_ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(.*(?:\n {4}\S.*)*)", flags=re.MULTILINE)


def _locked() -> dict[str, tuple[str, str]]:
    """Name → version and the lines of its entry."""
    return {
        canonicalize_name(name): (version, rest)
        for name, version, rest in _ENTRY.findall(our_texts()["requirements.lock"])
    }


def _asked_for() -> list[Requirement]:
    project = tomllib.loads(our_texts()["pyproject.toml"])["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = [Requirement(line) for group in groups for line in group]
    return [one for one in wanted if one.name != project["name"]]


def test_the_lock_holds_a_version_that_each_requirement_allows() -> None:
    locked = _locked()
    wrong = [
        str(one)
        for one in _asked_for()
        if canonicalize_name(one.name) not in locked
        or not one.specifier.contains(locked[canonicalize_name(one.name)][0])
    ]

    assert wrong == [], "make lock"


def test_every_locked_package_has_the_hash_of_each_file() -> None:
    assert [name for name, (_, entry) in _locked().items() if "--hash=sha256:" not in entry] == []


def test_the_lock_has_neither_addresses_nor_options_of_one_machine() -> None:
    lock = our_texts()["requirements.lock"]

    assert re.findall(r"^-.*$|\w+://\S*| @ \S+", lock, flags=re.MULTILINE) == []


def test_the_notices_name_every_locked_package_with_a_licence() -> None:
    rows = re.findall(
        r"^\| \**([\w.-]+?)\** \| (\S.*) \|$", our_texts()["NOTICE.md"], flags=re.MULTILINE
    )
    named = {canonicalize_name(name) for name, _ in rows} - {"package", "part"}

    assert named == set(_locked())


def test_the_licences_travel_with_what_they_cover() -> None:
    assert "Apache License" in our_texts()["LICENSE"]
    assert "SIL OPEN FONT LICENSE Version 1.1" in our_texts()["resources/fonts/OFL.txt"]
    assert sorted(path.name for path in (ROOT / "resources/fonts").glob("*.ttf")) == [
        "PretendardGOV-Bold.ttf",
        "PretendardGOV-Regular.ttf",
    ]
