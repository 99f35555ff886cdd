"""What every record carries about itself: `meta/instanceID`, added where the form has none.

OpenRosa asks it of every submission (OpenRosa Metadata Schema), and forms written by hand forget
it. Added ones stand in OpenRosa's namespace, as ODK's engines add them.
"""

from __future__ import annotations

from fieldapp.forms.definition import Bind, ModelNode
from fieldapp.forms.reading.xml import OPENROSA

META = "meta"
INSTANCE_ID = "meta/instanceID"


def add_instance_id(root: ModelNode) -> Bind | None:
    """Give the form a `meta/instanceID` when it has none; the bind that fills it in, if added."""
    meta = root.child(META)
    if meta is None:
        meta = _openrosa(META, META, root)
        root.take(meta)
    if meta.child("instanceID") is not None:
        return None
    if meta.written_namespace == OPENROSA:
        added = _openrosa("instanceID", INSTANCE_ID, meta)
    else:
        added = ModelNode("instanceID", INSTANCE_ID, parent=meta)
    meta.take(added)
    return Bind(path=INSTANCE_ID, preload="uid")


def _openrosa(local: str, path: str, parent: ModelNode) -> ModelNode:
    return ModelNode(local, path, parent=parent, written_namespace=OPENROSA)
