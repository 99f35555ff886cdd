"""What a form may ask of the world: the time, its record, a seed. It has no clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Given from outside, so that the same answers always give the same form.

    `now` returns an aware instant, whose zone is where midnight is. `record_id` becomes
    `meta/instanceID`. `seed` feeds random(), uuid() and repeat keys. `username` and `properties`
    (`deviceid`, `email`…) answer `jr:preload="property"`; the first names who fills the form.
    `locate` tells a geopoint for `odk:setgeopoint`, ``""`` when there is none to tell.
    """

    now: Callable[[], datetime]
    record_id: str
    seed: int
    properties: Mapping[str, str] = field(default_factory=dict)
    username: str = ""
    locate: Callable[[], str] | None = None

    @property
    def instance_id(self) -> str:
        """What `meta/instanceID` of the record is (F1)."""
        return f"uuid:{self.record_id}"
