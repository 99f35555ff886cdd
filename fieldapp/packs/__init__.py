"""A programme's workbook: read, checked, explained, and turned into a form and domain's plans.

    pack = read_pack(path.read_bytes(), path.name)    # PackRefused names every mistake
    filling = open_form(pack, surroundings)           # a form to be filled
    holds = guard(pack)                               # asks a workflow's conditions

forms knows what a form is, domain what a plan is; this room alone knows what a workbook is.
`Filling` and `Surroundings` are handed on for those who reach forms only through this room.
"""

from fieldapp.forms import Filling, Surroundings
from fieldapp.packs.catalogue import Catalogue
from fieldapp.packs.opening import guard, open_form, rerun
from fieldapp.packs.reading import Pack, read_pack
from fieldapp.packs.wording import QuestionWords, question_words

__all__ = [
    "Catalogue",
    "Filling",
    "Pack",
    "QuestionWords",
    "Surroundings",
    "guard",
    "open_form",
    "question_words",
    "read_pack",
    "rerun",
]
