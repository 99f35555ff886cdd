"""What is mutated: forms of our own, and those of the corpus where it is there."""

from __future__ import annotations

from functools import lru_cache

import pytest

from tests.conformance.corpus import forms
from tests.forms.making import AREAS, SURVEY, xform_of
from tests.forms.plain import xform

LARGEST_SEED_BYTES = 60_000  # a larger form is mutated in one place of thousands

# Each has what the others lack.
_PLAIN = (
    xform(),
    xform(
        instance='<n>2</n><r jr:template=""><q>1</q><in><v/></in></r><r><q>2</q><in><v/></in></r>',
        model="""<bind nodeset="/data/n" type="int" required="true()"/>
          <bind nodeset="/data/r" relevant="/data/n &gt; 0"/>
          <bind nodeset="/data/r/in/v" calculate="sum(/data/r/q) + position(../..)"/>
          <setvalue event="odk-instance-first-load" ref="/data/n" value="1 + 1"/>""",
        body="""<input ref="/data/n"><label>n <output value="/data/n"/></label></input>
          <group ref="/data/r"><label>r</label><repeat nodeset="/data/r" jr:count="/data/n">
          <setvalue event="odk-new-repeat" ref="q" value="position(..)"/>
          <input ref="q"/><group ref="in"><input ref="v"/></group></repeat></group>""",
    ),
    xform(
        instance="<town/><site/><on/><pic/><level/><order/>",
        model="""<itext><translation lang="한국어" default="true()"><text id="t"><value>읍면
          <output value="/data/town"/></value><value form="image">jr://images/t.png</value></text>
          </translation><translation lang="English"><text id="t"><value>Town</value></text>
          </translation></itext>
          <instance id="towns"><root><item><name>a</name><label>가</label></item>
          <item><name>b</name><label>나</label></item></root></instance>
          <instance id="sites" src="jr://file-csv/sites.csv"/>
          <bind nodeset="/data/site" constraint="selected(., 'a') or . = ''"
            jr:constraintMsg="jr:itext('t')"/>
          <bind nodeset="/data/on" type="date" calculate="once(today())"/>
          <bind nodeset="/data/pic" type="binary" orx:max-pixels="800"/>
          <bind nodeset="/data/level" type="decimal" readonly="/data/town = 'b'"/>""",
        body="""<select1 ref="/data/town" appearance="minimal"><label ref="jr:itext('t')"/>
          <itemset nodeset="instance('towns')/root/item[name != 'c']"><value ref="name"/>
          <label ref="label"/></itemset></select1>
          <select ref="/data/site"><itemset nodeset="instance('sites')/root/item[t = /data/town]">
          <value ref="name"/><label ref="label"/></itemset></select>
          <upload ref="/data/pic" mediatype="image/*"/>
          <range ref="/data/level" start="0" end="1" step="0.1"/>
          <odk:rank ref="/data/order"><item><label>A</label><value>a</value></item>
          <item><label>B</label><value>b</value></item></odk:rank>""",
    ),
)


@lru_cache
def form_seeds() -> tuple[bytes, ...]:
    """Valid XForms, the same at every run on one machine."""
    own = (*_PLAIN, xform_of(SURVEY), xform_of(AREAS))
    try:
        corpus = forms()
    except pytest.skip.Exception:
        return own
    return (*own, *(f for _, f in sorted(corpus.items()) if len(f) <= LARGEST_SEED_BYTES))


#: Expressions with one of everything that the grammar has.
EXPRESSIONS = (
    "/data/a",
    "../b + 1",
    ". >= 1 and . <= 5 or not(selected(/data/a, 'x'))",
    "if(/data/a = '', 'none', concat(/data/a, ' ', -/data/b))",
    "instance('l')/root/item[name = current()/../a][position() = 1]/label",
    "sum(/data/r/q) div count(/data/r[q > 2]) mod 3 * 2 - 1",
    "//q[@x = 'y' or last()]/ancestor-or-self::*[2]/following-sibling::node()",
    "(/data/a | /data/b)[1]/text()",
    "format-date(today(), '%Y-%n-%d')",
    "date('2024-02-30') - decimal-date-time(now())",
    "regex(/data/a, '^[0-9]+$')",
    "indexed-repeat(/data/r/q, /data/r, 2)",
    "coalesce(/data/a, once(random()), uuid(8))",
    "round(1.005, 2) + int('12.9') + number('1e3') + pow(2, 0.5)",
    "substr(/data/a, -2, 10) != translate('abc', 'ab', 'x')",
    "string-length(normalize-space(/data/a)) = string-length()",
    "join(', ', /data/r/q, checklist(1, 2, /data/a = 1))",
    "area('1 2 0 0; 3 4 0 0; 5 6 0 0') + distance(/data/a)",
    "digest(/data/a, 'SHA-256', 'base64')",
    "randomize(/data/r/q, 42)",
    "child::data/descendant::q[parent::r]/self::q/..",
    "jr:choice-name(/data/a, '/data/a')",
    "selected-at('a b c', 1) = count-selected(/data/a)",
    "weighted-checklist(1, 2, /data/a, 0.5)",
    "boolean-from-string('true') = boolean(//q)",
    "max(/data/r/q, 1, '') + min(1 div 0, -1 div 0, 0 div 0)",
    "pulldata('l', 'label', 'name', /data/a)",
    "version() | property('x')",
    "lang('ko') and namespace-uri(/data/a) = local-name(..)",
)

#: Files of lists, each with its address.
LISTS = (
    ("jr://file-csv/x.csv", 'name,label,town\ns1,가상-햇살,해룡\ns2,"둘\n째",월등\n'.encode()),
    ("jr://file-csv/x.csv", "name;label\r\ns1;가상-햇살\r\ns2;가상-한빛\r\n".encode("cp949")),
    ("jr://file-csv/x.csv", "name\tlabel\ns1\t가상-햇살\n".encode("utf-16")),
    ("jr://file/x.xml", b"<root><item id='1'><name>a</name><label>A</label></item></root>"),
    ("jr://instance/last-saved", b"<data xmlns='u'><a>1</a><meta><instanceID/></meta></data>"),
    (
        "jr://file/x.geojson",
        (
            b'{"type": "FeatureCollection", "features": [{"type": "Feature", "id": 7, '
            b'"properties": '
            b'{"name": "a", "n": 1.50, "ok": true, "no": null, "in": {"x": [1]}}, "geometry": '
            b'{"type": "Polygon", "coordinates": [[[1, 2], [3, 4, 5], [1e-7, 2], [1, 2]]]}}, '
            b'{"type": "Feature", "properties": null, "geometry": null}]}'
        ),
    ),
)
