"""What is committed works on any machine: no registry is named, and no path of anybody's disk."""

from __future__ import annotations

import re

from tests.architecture.tree import our_texts

# Put together here, so that this file does not name them either.
_REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("snapshot", "debian", "org"),
    )
]
_MACHINE_PATH = re.compile(r"(?<![\w.])(?:/(?:work|farm|Users)/|/home/\w|[A-Z]:\\Users\\)")


def test_no_file_names_a_package_registry() -> None:
    named = [
        (name, host)
        for name, text in our_texts().items()
        for host in _REGISTRY_HOSTS
        if host in text
    ]

    assert named == []


def test_no_file_names_a_place_on_somebodys_disk() -> None:
    found = {
        name: match.group()
        for name, text in our_texts().items()
        if name != "tests/architecture/test_addresses.py" and (match := _MACHINE_PATH.search(text))
    }

    assert found == {}
