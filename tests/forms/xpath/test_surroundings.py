"""What an expression may know of form and device."""

from __future__ import annotations

from tests.forms.xpath.asking import Here, answer


def test_version_is_the_forms() -> None:
    assert answer("version()") == "2026-1"
    assert answer("version()", world=Here(version="")) == ""


def test_property_tells_what_the_device_tells_and_nothing_of_what_it_does_not() -> None:
    assert answer("property('deviceid')") == "laptop-1"
    assert answer("property('simserial')") == ""
