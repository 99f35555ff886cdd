"""`make screens`: every screen as a picture for the documents, from the story itself."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from fieldapp.demo.play import play
from fieldapp.reports.preview import page_count, render_page
from fieldapp.ui.pictures import write_png

_PAGE_PX = 1000


def draw(out: Path) -> int:
    """Play the story once without opening the app; keep its pictures in `out`, and its pages as
    pictures in `prints` beside it.
    """
    prints = out.parent / "prints"
    for folder in (out, prints):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()
    with tempfile.TemporaryDirectory(prefix="fieldapp-screens-") as name:
        made = Path(name)
        code = play(made, opens_app=False)
        for picture in sorted((made / "screens").glob("*.png")):
            shutil.copyfile(picture, out / picture.name)
        for pdf in sorted(made.glob("*.pdf")):
            content = pdf.read_bytes()
            for page in range(page_count(content)):
                shown = render_page(content, page, _PAGE_PX)
                title = pdf.stem.split("_")[2]
                write_png(prints / f"{title}-{page + 1}.png", shown.width, shown.height, shown.rgba)
    return code
