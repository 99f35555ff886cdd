"""Why single recorded scenarios and sessions are not met, by case id or form file.

They are of one half of the recording; what differs in another half is printed, and nobody here has
looked at it.
"""

from __future__ import annotations

_REMEMBERED = (
    "a first-load or new-repeat action on an irrelevant target is remembered, as in JavaRosa: a"
    " default worked out for a question is there when the question comes up; the recorded engine"
    " drops it"
)
_ONE_META = (
    "a meta in the namespace of the form's root is its meta; the recorded engine adds a second one"
    " of OpenRosa's"
)
_EMPTY_SUM = (
    "sum() of no nodes is 0 (XPath 1.0 §4.4, and what JavaRosa gives); the recorded engine gave NaN"
)
_JOINED = (
    "the recorder wrote the forms of a label (words, short words, picture) one after the other"
)

#: Of `scenario.json.gz`.
SCENARIOS = {
    "s0224": _EMPTY_SUM,
    "s0393": (
        "text is composed (NFC) when it is answered, so that search and string-length() see one 가;"
        " the recorded engine composes it when it is sent"
    ),
    "s0435": _REMEMBERED,
}

#: Of `autoplay.json.gz`, by the form's file.
SESSIONS = {
    "compiled/cd553d2569.xml": _EMPTY_SUM,
    "compiled/d32480c8b1.xml": _EMPTY_SUM,
    "compiled/3d4453abd2.xml": _EMPTY_SUM,
    "xforms/ca1cf66077_child_vaccination_VOL_tool_v12-alt.xml": _EMPTY_SUM,
    "compiled/b34ba7a31a.xml": (
        "../../../member leads from a choice to the members of its own household (XPath 1.0 §2.2);"
        " the recorded engine also takes those of other households"
    ),
    "xforms/6ee67c9ae1_jr-choice-name-external.xml": (
        "words of a translation that names no language are found; the recorded engine has none"
    ),
    "xforms/6b5720a3c6_setvalue-repeat.xml": _REMEMBERED,
    "xforms/2a1ffb066a_setvalue-value-changed-multiple.xml": (
        "a number that becomes a day or an instant counts days since 1970, as in JavaRosa; the"
        " recorded engine drops it"
    ),
    "compiled/af2b5d6d4f.xml": _ONE_META,
    "xforms/05095b5b60_oc-custom-multiple-constraints.xml": _ONE_META,
    "compiled/1062d6e484.xml": "a label tells the instanceID, another one every time",
    "xforms/256f18199f_calculate-now.xml": (
        "an instant is written with three digits of its second, as ODK's clients send them; the"
        " recorded engine leaves trailing zeros out of a date() without a zone"
    ),
    "compiled/393b744458.xml": _JOINED,
    "xforms/48f83b9c04_ImageSelectTester-alt.xml": _JOINED,
}
