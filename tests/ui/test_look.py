"""Contrast by computation; nothing cut at the size to design for; every widget has a name."""

from __future__ import annotations

import gc
from collections.abc import Callable

import pytest
import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QStyle, QWidget

from fieldapp.forms import Filling, Surroundings, read_form
from fieldapp.ui import commands, tokens
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from fieldapp.ui.keys_page import KeysPage
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.style import apply_style, style_sheet, undressed
from fieldapp.ui.widgets.text import Text
from tests.ui.looking import cut, outside
from tests.ui.samples import NOON, begin_work, fill_survey, go, open_survey

Form = tuple[FillingView, Hands, Filling]
ENOUGH = 4.5


def _luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    ink = QColor(colour)
    red, green, blue = (linear(c) for c in (ink.redF(), ink.greenF(), ink.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(ink: str, ground: str) -> float:
    """WCAG 2.2, relative luminance."""
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", tokens.THEMES.values(), ids=tokens.THEMES.keys())
def test_every_text_colour_can_be_read_on_every_ground_it_stands_on(theme: tokens.Tokens) -> None:
    plain = (theme.app, theme.surface)
    pairs = [(ink, ground) for ink in (theme.text, theme.subtle, theme.hint) for ground in plain]
    pairs += [
        (theme.on_primary, theme.primary),
        (theme.on_primary, theme.primary_hover),
        (theme.link, theme.surface),
        (theme.link, theme.selected),
        (theme.text, theme.sunken),
        (theme.danger, theme.danger_ground),
        (theme.warning, theme.warning_ground),
        (theme.success, theme.success_ground),
        (theme.info, theme.info_ground),
        (theme.danger, theme.surface),
    ]

    assert [(i, g) for i, g in pairs if _contrast(i, g) < ENOUGH] == []


def test_nothing_of_a_form_is_cut_at_the_size_to_design_for(form: Form) -> None:
    view, hands, _ = form
    for path in ("batch", "items/q1", "again"):
        view.asking.stand_at(path)
        hands.settle()
        assert cut(view) == []
        assert outside(view) == []


def test_seven_questions_of_a_scale_need_no_scrolling_at_that_size(form: Form) -> None:
    view, hands, _ = form

    view.asking.stand_at("items/q7")
    hands.settle()

    assert view.asking.page().verticalScrollBar().maximum() == 0


def test_columns_of_a_grid_stand_under_each_other(form: Form) -> None:
    view, hands, _ = form
    view.asking.stand_at("items/q1")
    hands.settle()

    places: dict[str, set[int]] = {}
    for row in view.asking.page().rows.values():
        for button in row.answer.findChildren(QAbstractButton):
            places.setdefault(button.text(), set()).add(
                button.mapTo(view, button.rect().center()).x()
            )

    assert all(len(columns) == 1 for columns in places.values())
    assert len(places) == 7


def test_form_of_forty_sections_is_no_taller_than_its_window(
    hands_on: Callable[[QWidget], Hands],
) -> None:
    groups = range(40)
    instance = "".join(f"<g{n}><q/></g{n}>" for n in groups)
    body = "".join(
        f'<group ref="/data/g{n}"><label>구역 {n}</label>'
        f'<input ref="/data/g{n}/q"><label>물음</label></input></group>'
        for n in groups
    )
    xform = f"""<h:html xmlns="http://www.w3.org/2002/xforms"
        xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>긴 서식</h:title><model><instance>
        <data id="long" version="1">{instance}</data></instance></model></h:head>
        <h:body>{body}</h:body></h:html>"""
    record = "01934f4e-0000-7000-8000-000000000002"
    surroundings = Surroundings(now=lambda: NOON, record_id=record, seed=1)
    view = FillingView()
    hands = hands_on(view)
    view.show_form("긴 서식", Filling.start(read_form(xform.encode()), surroundings))
    hands.settle()

    for _ in range(39):
        hands.press("Return")

    assert view.cursor_path() == "g39/q"
    assert (view.width(), view.height()) == (1093, 534)
    tile = view.asking.rail.findChildren(QAbstractButton)[39]
    assert not tile.visibleRegion().isEmpty()


def test_labels_stand_on_top_in_a_narrow_window(form: Form) -> None:
    view, hands, _ = form
    view.resize(683, 534)
    view.asking.stand_at("mode")
    hands.settle()

    row = view.asking.page().rows["mode"]
    label = row.label.mapTo(view, row.label.rect().bottomLeft())
    box = row.answer.mapTo(view, row.answer.rect().topLeft())
    assert label.y() <= box.y()
    assert outside(view) == []


def test_every_stop_of_the_keyboard_has_a_name(window: tuple[MainWindow, Hands]) -> None:
    opened, hands = window
    begin_work(opened, hands)
    nameless = []
    for screen in (*(tile.name for tile in opened.rail.tiles()), "filling"):
        if screen == "filling":
            open_survey(opened, hands)
        else:
            go(opened, hands, screen)
        hands.wait_until(opened.jobs.is_idle)
        for widget in opened.findChildren(QWidget):
            is_stop = widget.isVisible() and widget.focusPolicy().value & 1
            if is_stop and not (widget.accessibleName() or widget.objectName().startswith("qt_")):
                nameless.append(type(widget).__name__)

    assert nameless == []


def test_no_screen_is_cut_in_the_frame(window: tuple[MainWindow, Hands]) -> None:
    opened, hands = window
    assert cut(opened) == []
    begin_work(opened, hands)
    for tile in opened.rail.tiles():
        go(opened, hands, tile.name)
        hands.settle()
        assert cut(opened) == []
        assert outside(opened) == []


def test_theme_changes_while_a_form_is_open(form: Form, qapp: QApplication) -> None:
    view, hands, _ = form
    light = view.grab().toImage().pixelColor(600, 400)

    apply_style(qapp, tokens.DARK)
    hands.settle()
    dark = view.grab().toImage().pixelColor(600, 400)
    apply_style(qapp, tokens.LIGHT)

    assert light == QColor(tokens.LIGHT.surface)
    assert dark == QColor(tokens.DARK.surface)


class _Dressed(QWidget):
    """Notes at each change of its looks whether the collector might begin."""

    def __init__(self) -> None:
        super().__init__()
        self.could_collect: list[bool] = []

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        self.could_collect.append(gc.isenabled())
        super().changeEvent(event)


def test_nothing_is_collected_while_windows_are_dressed(qapp: QApplication) -> None:
    """A dead window freed then, which Qt has yet to come to, ends the process by a fault."""
    widget = _Dressed()
    widget.could_collect.clear()

    apply_style(qapp, tokens.DARK)
    apply_style(qapp, tokens.LIGHT)
    with undressed():
        pass

    assert gc.isenabled()
    assert widget.could_collect
    assert not any(widget.could_collect)


def test_theme_changes_after_widgets_died_that_were_never_shown(qapp: QApplication) -> None:
    """Qt still had them noted down, and the process ended by a fault."""
    frame = QStyle.PixelMetric.PM_DefaultFrameWidth
    labels = [QLabel() for _ in range(300)]
    for label in labels:
        label.style().pixelMetric(frame, None, label)
    with undressed():
        pass
    for label in labels:
        label.style().pixelMetric(frame, None, label)
        shiboken6.delete(label)

    apply_style(qapp, tokens.DARK)
    apply_style(qapp, tokens.LIGHT)

    assert qapp.styleSheet() == style_sheet(tokens.LIGHT)


def test_keys_page_names_every_command(hands_on: Callable[[QWidget], Hands]) -> None:
    parent = QWidget()
    hands_on(parent)
    page = KeysPage([commands.rail_command(1, "기록")], parent)

    said = {label.accessibleName() for label in page.findChildren(QLabel)}

    assert {command.title() for command in commands.ALL} <= said


def test_no_two_commands_of_one_place_share_a_key() -> None:
    for place in commands.PLACES:
        keys = [key for c in commands.ALL if c.place in (place, "everywhere") for key in c.keys]
        assert len(keys) == len(set(keys))


def test_whole_survey_leaves_no_label_with_markup_from_the_workbook(form: Form) -> None:
    view, hands, _ = form
    text = Text("<b>굵게</b> & 끝")

    assert text.words() == "<b>굵게</b> & 끝"
    assert "&lt;b&gt;" in text.text()
    fill_survey(hands)
    assert view.cursor_path() == "good"


def test_keys_of_the_screen_that_was_left_come_first(
    hands_on: Callable[[QWidget], Hands],
) -> None:
    parent = QWidget()
    hands_on(parent)
    page = KeysPage([], parent, screen="review")

    heads = [
        label.words() for label in page.findChildren(Text) if label.property("role") == "section"
    ]

    assert heads[:2] == ["확인", "어디서나"]
