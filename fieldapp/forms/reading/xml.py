"""Parsing XML that somebody handed us.

No DOCTYPE, no entities, no network, bounded size and depth: an XForm or a submission needs none
of what makes XML dangerous, so whatever carries it is refused rather than defused.
"""

from __future__ import annotations

from lxml import etree

from fieldapp.errors import FormReason, FormRefused

LARGEST_FORM_BYTES = 64 * 1024 * 1024
#: Opening and closing ones: 50,000 choices in three languages have a million.
MOST_TAGS = 1_500_000
DEEPEST_ELEMENT = 100
#: All expressions of a form together; ten thousand questions with two of a hundred letters each.
LONGEST_EXPRESSIONS = 2_000_000

XFORMS = "http://www.w3.org/2002/xforms"
XHTML = "http://www.w3.org/1999/xhtml"
JAVAROSA = "http://openrosa.org/javarosa"
OPENROSA = "http://openrosa.org/xforms"
ODK = "http://www.opendatakit.org/xforms"
ENTITIES = "http://www.opendatakit.org/xforms/entities"
FIELDAPP = "urn:fieldapp:answers"


def parse_xml(xml: bytes) -> etree._Element:
    """The root element; raises FormRefused for what is no XML, too large, too deep or hostile."""
    if len(xml) > LARGEST_FORM_BYTES or xml.count(b"<") > MOST_TAGS:
        raise FormRefused(reason=FormReason.TOO_LARGE)
    if any(word in xml for word in _ENTITIES):
        raise FormRefused(reason=FormReason.HOSTILE_XML)  # before it is parsed, whatever it says
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as problem:
        raise FormRefused(reason=_reason(str(problem)), node=_place(problem)) from None
    if root is None:
        raise FormRefused(reason=FormReason.NOT_XML)
    if root.getroottree().docinfo.internalDTD is not None:
        raise FormRefused(reason=FormReason.HOSTILE_XML)
    if _is_too_deep(root):
        raise FormRefused(reason=FormReason.TOO_DEEP)
    return root


_ENTITIES = tuple("<!ENTITY".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))
_DEEPER = etree.XPath("boolean(" + "/*" * (DEEPEST_ELEMENT + 1) + ")")


def _is_too_deep(root: etree._Element) -> bool:
    return bool(_DEEPER(root.getroottree()))


def _reason(problem: str) -> FormReason:
    # libxml2 itself stops at 256 levels, before our own count is asked.
    if "depth" in problem:
        return FormReason.TOO_DEEP
    is_encoding = "encoding" in problem or "UTF-8" in problem or "bytes" in problem
    return FormReason.BAD_ENCODING if is_encoding else FormReason.NOT_XML


def _place(problem: Exception) -> str:
    position = getattr(problem, "position", None)
    return f"{position[0]}:{position[1]}" if position else ""


def refuse_endless(html: etree._Element, form_bytes: int) -> None:
    """Raises FormRefused when the expressions of a form would take minutes to read.

    Every attribute is counted that may hold one: only where the form is large enough for it.
    """
    if form_bytes <= 2 * LONGEST_EXPRESSIONS:  # half of any form is tags
        return
    written = 0
    for element in html.iter():
        for name, value in element.items():
            written += len(value) if name in _EXPRESSIONS or "}" in str(name) else 0
    if written > LONGEST_EXPRESSIONS:
        raise FormRefused(reason=FormReason.TOO_LARGE)


_EXPRESSIONS = frozenset({
    "relevant", "calculate", "constraint", "required", "readonly", "value", "nodeset",
})  # fmt: skip


def tag(namespace: str, local: str) -> str:
    """lxml's name for an element or attribute of a namespace."""
    return f"{{{namespace}}}{local}"


def first(element: etree._Element, local: str) -> etree._Element | None:
    """The first XForms child of that name."""
    return element.find(tag(XFORMS, local))


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(element).localname
