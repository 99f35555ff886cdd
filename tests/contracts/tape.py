"""Traffic between devices and a server, kept so that later servers can be held to it.

A tape is what was said, with what differs from run to run under a name: `{id:3}`, `{text:1}`,
`{user:a}`, `{scope}`, `{code:a}`. Played again, a name in a request that was not yet heard is made
anew, one in a reply is heard there, and from then on both sides must mean the same by it.
`{instant}`, `{hash}` and `{words}` are any of their kind, `{any}` is anything at all.

A later server may say more in its greeting, and refuse in other words; nothing else may change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from fieldapp.domain.ids import uuid7
from fieldapp.sync import protocol

FOLDER = Path(__file__).parent / "traffic" / "v1"

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d:\d\d"
_HASH = "[0-9a-f]{64}"
_KINDS = {"id": _UUID, "text": r"[\x21-\x7e]+", "instant": _INSTANT, "hash": _HASH, "words": ".+"}
_NAME = re.compile(r"\{(?:id|text|user|code|scope|instant|hash|words|any)(?::[a-z0-9]+)?\}")
_HEADERS = ("authorization", protocol.PROTOCOL_HEADER.lower(), protocol.REPLICA_HEADER.lower())
#: Chained by hashes, so every fact of it is the tape's own: nothing in it differs between runs.
_AS_IT_STANDS = "lines"
_SENTENCES = ("happened", "safe", "next")


@dataclass
class Recorder:
    """Listens to laptops, and writes down what they and the server said under names.

    known: what goes by a name already (`{user:a}`, `{scope}`).
    """

    about: str
    known: dict[str, str]
    said: list[dict[str, Any]] = field(default_factory=list)
    asked_instants: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    #: A token or cursor is the server's: one in a request was heard, or is the laptop's invention.
    learns_texts: bool = True

    def ear(self, why: Callable[[], str]) -> Callable[[httpx.Response], None]:
        """A hook of httpx for one laptop; `why` tells what is being done at the moment."""

        def hear(response: httpx.Response) -> None:
            response.read()
            request = response.request
            body = json.loads(request.content) if request.content else None
            self.asked_instants |= set(re.findall(_INSTANT, request.content.decode()))
            self.learns_texts = False
            asked = self._named(body)
            self.learns_texts = True
            one = {
                "why": why(),
                "method": request.method,
                "path": self._known_in(request.url.raw_path.decode()),
                "headers": {
                    name: self._named(value)
                    for name, value in request.headers.items()
                    if name in _HEADERS
                },
                "body": asked,
                "status": response.status_code,
                "reply": self._named(json.loads(response.content)),
            }
            self.said.append({key: value for key, value in one.items() if value is not None})

        return hear

    def write(self, name: str) -> None:
        """The tape as a file."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"about": self.about, "said": self.said}, ensure_ascii=False, indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")

    def _named(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict) and key != "catalogue":
            return {
                self._known_in(name): one
                if name == _AS_IT_STANDS
                else self._named(one, "cursor" if key == "cursors" else name)
                for name, one in value.items()
            }
        if isinstance(value, list):
            return [self._named(one, key) for one in value]
        if key == "catalogue":
            return "{any}"
        return self._named_text(value, key) if isinstance(value, str) else value

    def _named_text(self, text: str, key: str) -> str:
        if key in _SENTENCES:
            return "{words}"
        is_opaque = self.learns_texts and key in ("token", "refresh", "cursor")
        if is_opaque and text not in self.known:
            self._learn("text", text)
        for found in re.findall(_UUID, text):
            if found not in self.known:
                self._learn("id", found)
        if re.fullmatch(_INSTANT, text) and text not in self.asked_instants:
            return "{instant}"
        return "{hash}" if re.fullmatch(_HASH, text) else self._known_in(text)

    def _learn(self, kind: str, text: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.known[text] = f"{{{kind}:{self.counts[kind]}}}"

    def _known_in(self, text: str) -> str:
        # The longer first: a name may begin like another one.
        for value in sorted(self.known, key=len, reverse=True):
            text = text.replace(value, self.known[value])
        return text


@dataclass
class Player:
    """Says the requests of a tape again, and holds the replies to what they were."""

    meant: dict[str, str]
    may_say_more: bool = False

    def request(self, one: dict[str, Any]) -> tuple[str, str, dict[str, str], bytes]:
        """Method, path, headers and body, every name replaced by what it means in this run."""
        headers = {name: str(self._fresh(value)) for name, value in one["headers"].items()}
        body = json.dumps(self._fresh(one["body"])).encode() if "body" in one else b""
        return one["method"], str(self._fresh(one["path"])), headers, body

    def differences(self, one: dict[str, Any], status: int, reply: Any) -> list[str]:
        """Where the reply is another than on the tape; names heard in it are kept."""
        if status != one["status"]:
            return [f"status {status}, not {one['status']}: {reply}"]
        self.may_say_more = one["path"] == protocol.HELLO
        return list(self._differences(one["reply"], reply, "$"))

    def _fresh(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {
                self._fresh(key): one if key == _AS_IT_STANDS else self._fresh(one)
                for key, one in value.items()
            }
        if isinstance(value, list):
            return [self._fresh(one) for one in value]
        return _NAME.sub(self._meaning, value) if isinstance(value, str) else value

    def _meaning(self, name: re.Match[str]) -> str:
        if name[0] not in self.meant:
            assert name[0].startswith("{id:"), f"{name[0]} was never heard"
            self.meant[name[0]] = uuid7(datetime.now(UTC))
        return self.meant[name[0]]

    def _differences(self, kept: Any, heard: Any, place: str) -> list[str]:
        if isinstance(kept, dict) and isinstance(heard, dict):
            wanted = {self._fresh(key): one for key, one in kept.items()}
            lacking = wanted.keys() - heard.keys()
            more = set() if self.may_say_more else heard.keys() - wanted.keys()
            found = [f"{place}: {key} is missing" for key in sorted(lacking)]
            found += [f"{place}: {key} is new" for key in sorted(more)]
            for key in sorted(wanted.keys() & heard.keys()):
                found += self._differences(wanted[key], heard[key], f"{place}.{key}")
            return found
        if isinstance(kept, list) and isinstance(heard, list) and len(kept) == len(heard):
            pairs = enumerate(zip(kept, heard, strict=True))
            return [
                difference
                for place_in, (one, other) in pairs
                for difference in self._differences(one, other, f"{place}[{place_in}]")
            ]
        if isinstance(kept, str) and isinstance(heard, str):
            return [] if self._is_meant(kept, heard) else [f"{place}: {heard!r}, not {kept!r}"]
        is_same = kept == "{any}" or (type(kept) is type(heard) and kept == heard)
        return [] if is_same else [f"{place}: {heard!r}, not {kept!r}"]

    def _is_meant(self, kept: str, heard: str) -> bool:
        name = _NAME.fullmatch(kept)
        if name is None or kept in self.meant:
            return bool(self._fresh(kept) == heard)
        if kept == "{any}":
            return True
        kind = kept.strip("{}").partition(":")[0]
        if not re.fullmatch(_KINDS[kind], heard, re.DOTALL):
            return False
        if ":" in kept:
            if heard in self.meant.values():
                return False
            self.meant[kept] = heard
        return True
