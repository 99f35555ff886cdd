"""Elements of OWPML, the XML of HWPX (KS X 6101), as text that is escaped once and never again.

Lengths in a file are HWPUNIT, 1/7200 inch. Knows no document: `owpml_head` and `owpml_body` do.
"""

from __future__ import annotations

import re
from html import escape
from typing import NewType

Xml = NewType("Xml", str)

UNITS_PER_PT = 100
UNITS_PER_MM = 7200 / 25.4

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>'
_NAME = re.compile(r"<(?P<prefix>\w+):\w+")
_HANCOM = "http://www.hancom.co.kr"
_NAMESPACES = {
    "ha": f"{_HANCOM}/hwpml/2011/app",
    "hp": f"{_HANCOM}/hwpml/2011/paragraph",
    "hp10": f"{_HANCOM}/hwpml/2016/paragraph",
    "hs": f"{_HANCOM}/hwpml/2011/section",
    "hc": f"{_HANCOM}/hwpml/2011/core",
    "hh": f"{_HANCOM}/hwpml/2011/head",
    "hhs": f"{_HANCOM}/hwpml/2011/history",
    "hm": f"{_HANCOM}/hwpml/2011/master-page",
    "hpf": f"{_HANCOM}/schema/2011/hpf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "opf": "http://www.idpf.org/2007/opf/",
    "ooxmlchart": f"{_HANCOM}/hwpml/2016/ooxmlchart",
    "hwpunitchar": f"{_HANCOM}/hwpml/2016/HwpUnitChar",
    "epub": "http://www.idpf.org/2007/ops",
    "config": "urn:oasis:names:tc:opendocument:xmlns:config:1.0",
}
_OF_THE_PACKAGE = {
    "hv": f"{_HANCOM}/hwpml/2011/version",
    "ocf": "urn:oasis:names:tc:opendocument:xmlns:container",
    "odf": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
}


def tag(name: str, /, *inside: Xml, **attributes: object) -> Xml:
    """`<hp:run charPrIDRef="0">…</hp:run>`; attributes are escaped, what is inside is not."""
    said = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items())
    if not inside:
        return Xml(f"<{name}{said}/>")
    return Xml(f"<{name}{said}>{''.join(inside)}</{name}>")


def words(text: str) -> Xml:
    """Text as it stands between tags."""
    return Xml(escape(text, quote=False))


def joined(*parts: Xml) -> Xml:
    """Elements side by side."""
    return Xml("".join(parts))


def part(root: Xml) -> bytes:
    """A part of the package: its root element with all namespaces of 한글, which expects them."""
    found = _NAME.match(root)
    if found is None:
        raise ValueError("a part is one element")
    spaces = _NAMESPACES
    if found["prefix"] in _OF_THE_PACKAGE:
        spaces = {found["prefix"]: _OF_THE_PACKAGE[found["prefix"]]}
    declared = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in spaces.items())
    return f"{_DECLARATION}{found[0]}{declared}{root[found.end() :]}".encode()


def pt(length: float) -> int:
    """Points to HWPUNIT."""
    return round(length * UNITS_PER_PT)


def mm(length: float) -> int:
    """Millimetres to HWPUNIT."""
    return round(length * UNITS_PER_MM)
