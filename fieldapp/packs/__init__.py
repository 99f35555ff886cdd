"""A programme's workbook: read, checked, explained, and turned into a form and domain's plans.

    pack = read_pack(path.read_bytes(), path.name)    # PackRefused names every mistake
    filling = open_form(pack, surroundings)           # a form to be filled
    holds = guard(pack)                               # asks a workflow's conditions

forms knows what a form is, domain what a plan is; this room alone knows what a workbook is.
`Filling` and `Surroundings` are handed on for those who reach forms only through this room.
"""

from fieldapp.forms import Filling, Surroundings
from fieldapp.packs.catalogue import Catalogue, version_order
from fieldapp.packs.copies import CopyBlock
from fieldapp.packs.effects import EntityStanding, effects_of
from fieldapp.packs.opening import copy_blocks, guard, open_form, rerun
from fieldapp.packs.reading import Pack, read_pack
from fieldapp.packs.reference import LIST_ID, ReferenceList, read_list
from fieldapp.packs.wording import QuestionWords, property_words, question_words, seat_words
from fieldapp.packs.worker import PackWorker

__all__ = [
    "LIST_ID",
    "Catalogue",
    "CopyBlock",
    "EntityStanding",
    "Filling",
    "Pack",
    "PackWorker",
    "QuestionWords",
    "ReferenceList",
    "Surroundings",
    "copy_blocks",
    "effects_of",
    "guard",
    "open_form",
    "property_words",
    "question_words",
    "read_list",
    "read_pack",
    "rerun",
    "seat_words",
    "version_order",
]
