"""One style sheet, made from the token table. No widget sets a colour or a size of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from fieldapp.forms.collecting import without_collecting
from fieldapp.ui import theme
from fieldapp.ui import tokens as t

_ROLES: dict[str, t.TypeSize] = {
    "screen-title": t.SCREEN_TITLE,
    "section": t.SECTION,
    "reading": t.READING,
    "question": t.QUESTION,
    "answer": t.ANSWER,
    "body": t.BODY,
    "label": t.LABEL,
    "note": t.NOTE,
    "kiosk-title": t.KIOSK_TITLE,
    "kiosk": t.KIOSK,
}

#: More widgets than this are another window of the demo, which would be dressed anew as well.
_FEW = 500


def apply_style(application: QApplication, tokens: t.Tokens) -> None:
    """Dress the whole application in a theme; may be called again to change it."""
    theme.set_current(tokens)
    with without_collecting():  # for the reason given in `_dress`
        application.setFont(theme.font(t.BODY))
        application.setPalette(_palette(tokens))
    _dress(application, style_sheet(tokens))


@contextmanager
def undressed() -> Iterator[None]:
    """Build many widgets in here: they are dressed once, at the end.

    Qt lays a style sheet over a widget and all within it again each time one of them is moved into
    a layout, which costs more than building them does. Nothing is drawn meanwhile.
    """
    application = QApplication.instance()
    assert isinstance(application, QApplication)  # noqa: S101 - widgets need one
    if len(application.allWidgets()) > _FEW:
        yield
        return
    sheet = application.styleSheet()
    _dress(application, "")
    try:
        yield
    finally:
        _dress(application, sheet)


def _dress(application: QApplication, sheet: str) -> None:
    """Qt goes through all widgets by bare pointers and calls their Python handlers on the way.

    A collection inside one of them would free a dead window that Qt has yet to come to. And from
    one sheet straight to another Qt goes by its notes of who was dressed, where widgets stay that
    were asked for their looks before they were shown and have died since.
    """
    with without_collecting():
        application.setStyleSheet("")
        application.setStyleSheet(sheet)


def _palette(c: t.Tokens) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in (
        (roles.Window, c.app),
        (roles.WindowText, c.text),
        (roles.Base, c.surface),
        (roles.AlternateBase, c.surface),
        (roles.Text, c.text),
        (roles.Button, c.surface),
        (roles.ButtonText, c.text),
        (roles.Highlight, c.primary),
        (roles.HighlightedText, c.on_primary),
        (roles.PlaceholderText, c.hint),
        (roles.ToolTipBase, c.surface),
        (roles.ToolTipText, c.text),
        (roles.Link, c.link),
    ):
        palette.setColor(role, QColor(colour))
    palette.setColor(QPalette.ColorGroup.Disabled, roles.Text, QColor(c.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, roles.ButtonText, QColor(c.disabled))
    return palette


def _text_roles() -> str:
    return "\n".join(
        f'QLabel[role="{name}"] {{ font-size: {size.px}px;'
        f" font-weight: {700 if size.bold else 400}; }}"
        for name, size in _ROLES.items()
    )


def _tones(c: t.Tokens) -> str:
    inks = {
        "subtle": c.subtle, "hint": c.hint, "danger": c.danger, "warning": c.warning,
        "success": c.success, "info": c.info, "link": c.link,
    }  # fmt: skip
    return "\n".join(f'QLabel[tone="{name}"] {{ color: {ink}; }}' for name, ink in inks.items())


def _grounds(c: t.Tokens) -> str:
    grounds = {
        "danger": (c.danger, c.danger_ground), "warning": (c.warning, c.warning_ground),
        "success": (c.success, c.success_ground), "info": (c.info, c.info_ground),
    }  # fmt: skip
    return "\n".join(
        f'QFrame[banner="{name}"] {{ background: {ground}; border: 1px solid {ink};'
        f" border-radius: {t.RADIUS_CONTROL}px; }}"
        for name, (ink, ground) in grounds.items()
    ) + "\n".join(
        f'QFrame[banner="{name}"][strip="true"] {{ border: none; border-radius: 0;'
        f" border-bottom: 1px solid {ink}; }}"
        for name, (ink, _) in grounds.items()
    )


def style_sheet(c: t.Tokens) -> str:
    """The style sheet of a theme."""
    return f"""
* {{ font-family: "{t.FAMILY}"; font-size: {t.BODY.px}px; }}
QWidget {{ color: {c.text}; }}
QMainWindow, QDialog, QWidget[ground="app"] {{ background: {c.app}; }}
QWidget[ground="surface"] {{ background: {c.surface}; }}
QWidget[ground="sunken"] {{ background: {c.sunken}; }}
QLabel {{ background: transparent; }}
{_text_roles()}
{_tones(c)}
{_grounds(c)}
QFrame[rule="horizontal"] {{ background: {c.line}; border: none;
    max-height: 1px; min-height: 1px; }}
QFrame[rule="vertical"] {{ background: {c.line}; border: none; max-width: 1px; min-width: 1px; }}
QFrame[card="true"] {{ background: {c.surface}; border: 1px solid {c.line};
    border-radius: {t.RADIUS_CARD}px; }}
QFrame[toast="true"] {{ background: {c.text}; border-radius: {t.RADIUS_CONTROL}px; }}
QFrame[toast="true"] QLabel {{ color: {c.surface}; }}
QLineEdit, QPlainTextEdit, QComboBox {{
    background: {c.surface}; color: {c.text}; border: 1px solid {c.control};
    border-radius: {t.RADIUS_CONTROL}px; padding: 0 {t.S12}px; font-size: {t.ANSWER.px}px;
    selection-background-color: {c.primary}; selection-color: {c.on_primary};
}}
QLineEdit, QComboBox {{ min-height: {t.CONTROL_PX - 2}px; max-height: {t.CONTROL_PX - 2}px; }}
QPlainTextEdit {{ padding: {t.S8}px {t.S8}px; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{
    border: {c.focus_px}px solid {c.focus}; padding: 0 {t.S12 + 1 - c.focus_px}px; }}
QLineEdit:focus, QComboBox:focus {{ min-height: {t.CONTROL_PX - 2 * c.focus_px}px;
    max-height: {t.CONTROL_PX - 2 * c.focus_px}px; }}
QComboBox, QComboBox:focus {{ padding-right: {t.S4}px; }}
QPlainTextEdit:focus {{ padding: {t.S8 + 1 - c.focus_px}px {t.S8 + 1 - c.focus_px}px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{
    color: {c.disabled}; border-color: {c.line}; background: {c.app}; }}
QLineEdit[readOnly="true"], QPlainTextEdit[readOnly="true"] {{
    background: {c.app}; border-color: {c.line}; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] {{ border-color: {c.danger}; }}
QWidget[kiosk="true"] QLineEdit, QWidget[kiosk="true"] QPlainTextEdit {{
    font-size: {t.KIOSK.px}px; }}
QWidget[kiosk="true"] QLineEdit {{ min-height: {t.FOOT_PX}px; max-height: {t.FOOT_PX}px; }}
QComboBox::drop-down {{ width: {t.S24}px; border: none; }}
QComboBox::down-arrow {{ image: none; }}
QComboBox QAbstractItemView {{ background: {c.surface}; border: 1px solid {c.line}; outline: none;
    selection-background-color: {c.selected}; selection-color: {c.link}; }}
QAbstractItemView {{ background: {c.surface}; border: none; outline: none; }}
QTableView {{ gridline-color: transparent; selection-background-color: {c.selected};
    selection-color: {c.text}; }}
QTableView::item {{ padding: 0 {t.S12}px; border-bottom: 1px solid {c.line}; }}
QTableView::item:hover {{ background: {c.app}; }}
QTableView::item:selected {{ background: {c.selected}; }}
QHeaderView {{ background: {c.sunken}; }}
QHeaderView::section {{ background: {c.sunken}; color: {c.subtle}; border: none;
    padding: 0 {t.S12 + 3}px; font-size: {t.LABEL.px}px; font-weight: 600;
    min-height: {t.TABLE_ROW_PX}px; }}
QListView::item {{ min-height: {t.TABLE_ROW_PX}px; padding: 0 {t.S12}px; }}
QListView::item:selected {{ background: {c.selected}; color: {c.link}; }}
QListView[tall="true"]::item {{ min-height: {t.CONTROL_PX}px; }}
QListView[framed="true"] {{ border: 1px solid {c.control}; border-radius: {t.RADIUS_CONTROL}px; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; }}
QScrollBar::handle {{ background: {c.disabled}; border-radius: 4px; min-height: 32px;
    min-width: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {c.sunken}; border: none; border-radius: 4px; min-height: 8px;
    max-height: 8px; }}
QProgressBar::chunk {{ background: {c.primary}; border-radius: 4px; }}
QToolTip {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.line};
    padding: {t.S4}px {t.S8}px; font-size: {t.LABEL.px}px; }}
QMenu {{ background: {c.surface}; border: 1px solid {c.line}; padding: {t.S4}px; }}
QMenu::item {{ padding: {t.S8}px {t.S16}px; }}
QMenu::item:selected {{ background: {c.selected}; color: {c.link}; }}
"""
