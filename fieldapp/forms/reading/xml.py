"""Parsing XML that somebody handed us.

No DOCTYPE, no entities, no network, bounded size and depth: an XForm or a submission needs none
of what makes XML dangerous, so whatever carries it is refused rather than defused.
"""

from __future__ import annotations

from lxml import etree

from fieldapp.errors import FormReason, FormRefused

LARGEST_FORM_BYTES = 64 * 1024 * 1024
DEEPEST_ELEMENT = 100

XFORMS = "http://www.w3.org/2002/xforms"
XHTML = "http://www.w3.org/1999/xhtml"
JAVAROSA = "http://openrosa.org/javarosa"
OPENROSA = "http://openrosa.org/xforms"
ODK = "http://www.opendatakit.org/xforms"
ENTITIES = "http://www.opendatakit.org/xforms/entities"
FIELDAPP = "urn:fieldapp:answers"


def parse_xml(xml: bytes) -> etree._Element:
    """The root element; raises FormRefused for what is no XML, too large, too deep or hostile."""
    if len(xml) > LARGEST_FORM_BYTES:
        raise FormRefused(reason=FormReason.TOO_LARGE)
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
    except (etree.XMLSyntaxError, ValueError) as problem:
        # libxml2 itself stops at 256 levels, before our own count is asked.
        is_deep = "depth" in str(problem)
        raise FormRefused(
            reason=FormReason.TOO_DEEP if is_deep else FormReason.NOT_XML,
            node=_place(problem),
        ) from None
    if root is None:
        raise FormRefused(reason=FormReason.NOT_XML)
    document = root.getroottree().docinfo
    if document.internalDTD is not None:
        raise FormRefused(reason=FormReason.HOSTILE_XML)
    _refuse_depth(root)
    return root


def _place(problem: Exception) -> str:
    position = getattr(problem, "position", None)
    return f"{position[0]}:{position[1]}" if position else ""


def _refuse_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST_ELEMENT:
            raise FormRefused(reason=FormReason.TOO_DEEP)


def tag(namespace: str, local: str) -> str:
    """lxml's name for an element or attribute of a namespace."""
    return f"{{{namespace}}}{local}"


def first(element: etree._Element, local: str) -> etree._Element | None:
    """The first XForms child of that name."""
    return element.find(tag(XFORMS, local))


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(element).localname
