"""`make screens`: every screen as a picture for the documents, from the errand itself."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from fieldapp.demo.play import play

#: Picture of the errand → picture of the documents.
_PICTURES = {
    "01-empty-form.png": "form.png",
    "02-filling.png": "filling.png",
    "03-written-words.png": "words.png",
    "04-read-back.png": "read-back.png",
    "05-records.png": "records.png",
    "06-exchanged.png": "exchange.png",
    "07-second-laptop.png": "second-laptop.png",
    "08-summary.png": "summary.png",
}


def draw(out: Path) -> int:
    """Play the errand once without opening the app, and keep its pictures in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fieldapp-screens-") as folder:
        code = play(Path(folder), opens_app=False)
        for made, kept in _PICTURES.items():
            shutil.copyfile(Path(folder) / "screens" / made, out / kept)
    return code
