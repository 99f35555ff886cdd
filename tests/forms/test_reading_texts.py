"""Words: languages, other forms of a text, outputs anywhere (ODK XForms, languages and media)."""

from __future__ import annotations

import pytest

from fieldapp.errors import FormReason, FormRefused
from fieldapp.forms import Filling, Question
from tests.forms.making import surroundings
from tests.forms.plain import form


def itext(**languages: str) -> str:
    return "<itext>" + "".join(
        f'<translation lang="{lang}">{texts}</translation>' for lang, texts in languages.items()
    ) + "</itext>"  # fmt: skip


def first(filling: Filling) -> Question:
    question = filling.body[0]
    assert isinstance(question, Question)
    return question


def asked(label: str = "", model: str = "", **more: str) -> Filling:
    body = f'<input ref="/data/a">{label}</input><input ref="/data/b"/>'
    return Filling.start(form(model=model, body=body, **more), surroundings())


def test_the_first_language_is_shown_unless_another_is_the_default() -> None:
    texts = '<text id="x"><value>{}</value></text>'
    model = itext(ko=texts.format("가"), en=texts.format("A"))
    label = """<label ref="jr:itext('x')"/>"""

    assert first(asked(label, model)).label == "가"
    marked = model.replace('lang="en"', 'lang="en" default="true()"')
    assert first(asked(label, marked)).label == "A"
    assert asked(label, marked).definition.languages == ("ko", "en")


@pytest.mark.parametrize("default", ['default=""', 'default="true()"', 'default="default"'])
def test_a_default_is_marked_by_its_attribute_whatever_stands_in_it(default: str) -> None:
    model = itext(ko="", en="").replace('lang="en"', f'lang="en" {default}')

    assert asked(model=model).definition.default_language == "en"


def test_a_language_that_says_false_is_not_the_default() -> None:
    model = itext(ko="", en="").replace('lang="en"', 'lang="en" default="false()"')

    assert asked(model=model).definition.default_language == "ko"


def test_a_language_is_switched_while_the_form_is_open() -> None:
    texts = '<text id="x"><value>{} <output value="/data/b"/></value></text>'
    filling = asked(
        """<label ref="jr:itext('x')"/>""", itext(ko=texts.format("가"), en=texts.format("A"))
    )
    filling.answer("b", "1")
    before = first(filling).label

    filling.show_language("en")

    assert (before, first(filling).label) == ("가 1", "A 1")


def test_a_text_that_a_language_lacks_is_told_in_the_default_one() -> None:
    model = itext(ko='<text id="x"><value>가</value></text>', en="")
    filling = asked("""<label ref="jr:itext('x')"/>""", model)

    filling.show_language("en")

    assert first(filling).label == "가"


def test_words_in_place_serve_where_no_language_has_the_text() -> None:
    filling = asked("""<label ref="jr:itext('x')">말 <output value="/data/b"/></label>""")

    filling.answer("b", "1")

    assert first(filling).label == "말 1"


def test_media_and_guidance_of_a_text_are_read_beside_its_words() -> None:
    forms = {
        "image": "jr://images/a.png",
        "big-image": "jr://images/b.png",
        "audio": "jr://audio/a.mp3",
        "video": "jr://video/a.mp4",
        "guidance": "더 자세히",
        "short": "짧게",
    }
    values = "".join(f'<value form="{form}">{text}</value>' for form, text in forms.items())
    model = itext(ko=f'<text id="x"><value>가</value>{values}</text>')

    definition = asked("""<hint ref="jr:itext('x')"/>""", model).definition

    read = definition.translations["ko"]["x"]
    assert read.parts == ("가",)
    assert {form: "".join(map(str, parts)) for form, parts in read.forms.items()} == forms
    question = first(asked("""<hint ref="jr:itext('x')"/>""", model))
    assert (question.hint, question.guidance) == ("가", "더 자세히")


def test_what_a_label_and_its_choices_show_and_play_is_handed_over() -> None:
    image = '<value form="image">jr://images/{}.png</value>'
    sound = '<value form="audio">jr://audio/<output value="/data/b"/>.mp3</value>'
    model = itext(
        ko=f'<text id="q"><value>가</value>{image.format("q")}{sound}</text>'
        f'<text id="c1">{image.format("c1")}</text><text id="c2">{image.format("c2")}</text>'
    )
    model += (
        '<instance id="l"><root><item><name>1</name><itextId>c1</itextId></item></root></instance>'
    )
    body = """<select1 ref="/data/a"><label ref="jr:itext('q')"/>
      <item><label ref="jr:itext('c2')"/><value>2</value></item>
      <itemset nodeset="instance('l')/root/item"><value ref="name"/>
      <label ref="jr:itext(itextId)"/></itemset></select1><input ref="/data/b"/>"""
    filling = Filling.start(form(model=model, body=body), surroundings())
    filling.answer("b", "x")

    question = first(filling)

    assert question.media == {"image": "jr://images/q.png", "audio": "jr://audio/x.mp3"}
    assert question.choice_media("1") == {"image": "jr://images/c1.png"}
    assert question.choice_media("2") == {"image": "jr://images/c2.png"}
    assert question.choice_media("3") == {}


def test_an_expression_in_a_spoken_form_is_checked_when_the_form_is_read() -> None:
    sound = '<value form="audio">jr://audio/<output value="frobnicate()"/>.mp3</value>'
    model = itext(ko=f'<text id="q"><value>가</value>{sound}</text>')

    with pytest.raises(FormRefused) as caught:
        asked("""<label ref="jr:itext('q')"/>""", model)

    assert caught.value.facts["reason"] == FormReason.UNKNOWN_FUNCTION


@pytest.mark.parametrize("form_", ["long", "short"])
def test_a_text_given_only_long_or_short_is_shown_in_that_form(form_: str) -> None:
    model = itext(ko=f'<text id="x"><value form="{form_}">가</value></text>')

    assert first(asked("""<label ref="jr:itext('x')"/>""", model)).label == "가"


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ('<label>가 <output value="/data/b"/> 나</label>', "가 1 나"),
        ('<label><output value="/data/b"/></label>', "1"),
        ('<label><output ref="/data/b"/>.</label>', "1."),
        ('<label><output value="/data/b"/> <output value="/data/b + 1"/></label>', "1 2"),
        ('<label>가<b>나<output value="../b"/></b>다</label>', "가나1다"),
        ("<label>가<output/>나</label>", "가나"),
        ('<label ref="/data/b"/>', "1"),
        ("""<label ref="concat('=', ../b)"/>""", "=1"),
    ],
)  # fmt: skip
def test_an_output_stands_anywhere_in_a_label(label: str, told: str) -> None:
    filling = asked(label)

    filling.answer("b", "1")

    assert first(filling).label == told


def test_an_output_stands_in_hints_and_in_the_labels_of_choices() -> None:
    body = """<select1 ref="/data/a"><hint>힌트 <output value="/data/b"/></hint>
      <item><label>가 <output value="/data/b"/></label><value>x</value></item></select1>
      <input ref="/data/b"/>"""
    filling = Filling.start(form(body=body), surroundings())

    filling.answer("b", "1")

    question = first(filling)
    assert question.hint == "힌트 1"
    assert [choice.label for choice in question.choices] == ["가 1"]


@pytest.mark.parametrize(
    "message", ["아니요", "jr:itext('no')", " jr:itext('no') ", "jr:itext(concat('n', 'o'))"]
)
def test_a_message_is_words_or_a_text_by_id_or_by_expression(message: str) -> None:
    bind = f'<bind nodeset="/data/a" constraint=". = 1" jr:constraintMsg="{message}"/>'
    model = itext(ko='<text id="no"><value>아니요</value></text>') + bind
    filling = asked(model=model)

    filling.answer("a", "2")

    violation = filling.violation("a")
    assert violation is not None
    assert violation.message == "아니요"
