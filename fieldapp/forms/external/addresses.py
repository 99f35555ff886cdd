"""What an address in `<instance src="…">` promises, and the reader for it (ODK XForms, URIs)."""

from __future__ import annotations

from fieldapp.errors import FormReason, ListFileRefused
from fieldapp.forms.external.geojson import features_of
from fieldapp.forms.external.rows import TableRows
from fieldapp.forms.external.tables import table_of
from fieldapp.forms.external.trees import XmlList
from fieldapp.forms.instances import Instance

LARGEST_LIST_BYTES = 64 * 1024 * 1024

_TABLES = "jr://file-csv/"
_LAST_SAVED = "jr://instance/"


def rows_from(address: str, content: bytes) -> Instance:
    """The list that a file holds: CSV, XML, GeoJSON or the answers last saved.

    The kind is told by the address, for an unusual one by the content. No content is an empty
    list: a form must open where its file has not come yet. Raises ListFileRefused with the file,
    the line or feature, and the reason.
    """
    name = file_name(address)
    if len(content) > LARGEST_LIST_BYTES:
        raise ListFileRefused(file=name, reason=FormReason.TOO_LARGE)
    if not content.strip():
        return TableRows((), ())
    ending = address.rpartition(".")[2].lower()
    first = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if address.startswith(_TABLES) or ending == "csv":
        return table_of(content, name)
    if address.startswith(_LAST_SAVED) or ending == "xml" or first == b"<":
        return XmlList(content, name, is_submission=address.startswith(_LAST_SAVED))
    if ending == "geojson" or first == b"{":
        return features_of(content, name)
    return table_of(content, name)


def file_name(address: str) -> str:
    """The file that an address names, for a person."""
    return address.rpartition("/")[2] or address
