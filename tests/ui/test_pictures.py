"""Photos and signatures: read as hostile, shrunk, without metadata, and never lost by haste."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPointF, Qt
from PySide6.QtGui import QColor, QEventPoint, QGuiApplication, QImage, QTouchEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from fieldapp.errors import PictureRefused
from fieldapp.forms import Filling
from fieldapp.ui.filling.asking import Sheet
from fieldapp.ui.filling.view import FillingView
from fieldapp.ui.hands import Hands
from fieldapp.ui.main_window import MainWindow
from fieldapp.ui.questions import pictures
from fieldapp.ui.questions.aids import Aids
from fieldapp.ui.questions.drawing import DrawingAnswer
from fieldapp.ui.questions.photo import PhotoAnswer, Thumbnail
from fieldapp.ui.widgets.buttons import Button
from fieldapp.usecases import files
from tests.ui.samples import begin_work
from tests.ui.sheets import EVERY_KIND, NOON

Form = tuple[FillingView, Hands, Filling]
PLACE = b"37.5N 127.0E of somebody's home"


def photograph(width: int = 2400, height: int = 1200) -> bytes:
    """A JPEG with an EXIF block that tells a place and that it lies on its side."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#4080c0"))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "JPG", 60)  # type: ignore[call-overload]
    jpeg = bytes(buffer.data().data())
    # One IFD entry, Orientation = 6 (turn right), then words of our own.
    tiff = b"II*\x00\x08\x00\x00\x00\x01\x00" + struct.pack("<HHIHH", 0x112, 3, 1, 6, 0)
    exif = b"Exif\x00\x00" + tiff + b"\x00\x00\x00\x00" + PLACE
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


class Folder:
    """Keeps files by name, as the store does."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def keep(self, raw: bytes, ending: str) -> str:
        name = f"{hashlib.sha256(raw).hexdigest()}.{ending}"
        self.files[name] = raw
        return name

    def read(self, name: str) -> bytes:
        return self.files.get(name, b"")


@pytest.fixture
def folder() -> Folder:
    return Folder()


@pytest.fixture
def form(opened: Callable[..., Form], folder: Folder, tmp_path: Path) -> Form:
    """A form whose pictures are kept at once; the dialog chooses `photo.jpg`."""

    def choose(_parent: QWidget) -> Path | None:
        path = tmp_path / "photo.jpg"
        return path if path.exists() else None

    aids = Aids(now=lambda: NOON, choose_picture=choose, read_file=folder.read)
    view, hands, filling = opened(EVERY_KIND, Sheet(aids=aids, is_new=True))
    view.photo_taken.connect(
        lambda path, raw, ending: view.pictures.kept(path, folder.keep(raw, ending))
    )
    view.asking.stand_at("all/room")
    return view, hands, filling


def test_photo_is_turned_upright_shrunk_and_tells_no_place(qapp: QApplication) -> None:
    made = pictures.picture_from_bytes(photograph())

    image = QImage.fromData(made)
    assert (image.width(), image.height()) == (800, 1600)
    assert PLACE not in made
    assert b"Exif" not in made


@pytest.mark.parametrize(
    ("wanted", "longest_px"), [("", 1600), ("640", 640), ("99999", 1600), ("0", 1600), ("x", 1600)]
)
def test_workbook_may_ask_for_smaller_pictures_and_never_for_larger(
    wanted: str, longest_px: int, qapp: QApplication
) -> None:
    most = pictures.longest_edge(wanted)

    made = QImage.fromData(pictures.picture_from_bytes(photograph(), most))

    assert max(made.width(), made.height()) == longest_px


@pytest.mark.parametrize(
    ("wanted", "chosen", "longest_px"), [("", 800, 800), ("640", 800, 640), ("1600", 800, 800)]
)
def test_worker_may_have_smaller_pictures_taken_than_the_workbook_asks_for(
    wanted: str, chosen: int, longest_px: int
) -> None:
    assert pictures.longest_edge(wanted, chosen) == longest_px


def test_photo_is_taken_in_the_size_that_the_worker_chose_and_tells_no_place(
    opened: Callable[..., Form], folder: Folder, tmp_path: Path
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(photograph())
    aids = Aids(now=lambda: NOON, choose_picture=lambda _: path, longest_px=800)
    view, hands, _ = opened(EVERY_KIND, Sheet(aids=aids, is_new=True))
    taken: list[bytes] = []
    view.photo_taken.connect(lambda _path, raw, _ending: taken.append(bytes(raw)))
    view.asking.stand_at("all/room")

    hands.press("F3")

    (raw,) = taken
    image = QImage.fromData(raw)
    assert (image.width(), image.height()) == (400, 800)
    assert PLACE not in raw
    assert b"Exif" not in raw


@pytest.mark.parametrize(
    "raw",
    [b"", b"not a picture", b"\xff\xd8\xff\xe0 cut off", b"<svg xmlns='x'/>", b"P6 9 9 255\n"],
)
def test_what_is_no_picture_is_refused(raw: bytes, qapp: QApplication) -> None:
    with pytest.raises(PictureRefused):
        pictures.picture_from_bytes(raw)


def test_picture_that_would_fill_the_memory_is_refused_by_its_head(qapp: QApplication) -> None:
    small = QImage(8, 8, QImage.Format.Format_RGB32)
    raw = bytearray(pictures.drawing_png(small))
    raw[16:24] = struct.pack(">II", 60_000, 60_000)

    with pytest.raises(PictureRefused):
        pictures.picture_from_bytes(bytes(raw))


def test_f3_takes_a_photo_from_a_file_and_shows_it_small(
    form: Form, folder: Folder, tmp_path: Path
) -> None:
    view, hands, filling = form
    (tmp_path / "photo.jpg").write_bytes(photograph())

    hands.press("F3")

    name = filling.value("all/room")
    assert name.endswith(".jpg")
    assert name.partition(".")[0] == hashlib.sha256(folder.files[name]).hexdigest()
    answer = view.asking.page().rows["all/room"].answer
    assert isinstance(answer, PhotoAnswer)
    assert not answer.thumbnail.pixmap().isNull()
    assert max(answer.thumbnail.pixmap().width(), answer.thumbnail.pixmap().height()) <= 96


def test_photo_of_another_laptop_is_fetched_by_its_button_and_shown(
    opened: Callable[..., Form], folder: Folder
) -> None:
    asked: list[str] = []
    aids = Aids(now=lambda: NOON, read_file=folder.read, fetch_file=asked.append)
    view, _, filling = opened(EVERY_KIND, Sheet(aids=aids, is_new=True))
    raw = photograph()
    name = f"{hashlib.sha256(raw).hexdigest()}.jpg"
    assert view.asking.answer("all/room", name)
    answer = view.asking.page().rows["all/room"].answer
    assert isinstance(answer, PhotoAnswer)
    assert answer.said() == "사진은 이 노트북에 없습니다."

    answer.fetch_button.click()

    assert (asked, answer.said()) == ([name], "내려받는 중")
    assert answer.fetch_button.isHidden()
    view.pictures.fetched(name)
    assert answer.said() == "사진은 이 노트북에 없습니다."
    assert not answer.fetch_button.isHidden()
    folder.keep(raw, "jpg")
    view.pictures.fetched(name)
    assert not answer.thumbnail.pixmap().isNull()
    assert answer.said() == ""
    assert answer.fetch_button.isHidden()
    assert filling.value("all/room") == name


def test_signature_of_another_laptop_is_fetched_by_its_button_and_shown(
    opened: Callable[..., Form], folder: Folder
) -> None:
    asked: list[str] = []
    aids = Aids(now=lambda: NOON, read_file=folder.read, fetch_file=asked.append)
    view, _, _ = opened(EVERY_KIND, Sheet(aids=aids, is_new=True))
    raw = pictures.drawing_png(QImage(8, 8, QImage.Format.Format_RGB32))
    name = f"{hashlib.sha256(raw).hexdigest()}.png"
    assert view.asking.answer("all/signed", name)
    view.asking.stand_at("all/signed")
    answer = view.asking.page().rows["all/signed"].answer
    assert isinstance(answer, DrawingAnswer)
    assert answer.said() == "그림은 이 노트북에 없습니다."

    answer.fetch_button.click()

    assert (asked, answer.said()) == ([name], "내려받는 중")
    folder.keep(raw, "png")
    view.pictures.fetched(name)
    assert not answer.kept.pixmap().isNull()
    assert answer.fetch_button.isHidden()
    assert answer.said() == ""


def test_picture_of_another_laptop_is_fetched_from_the_page_that_is_read_back(
    opened: Callable[..., Form], folder: Folder
) -> None:
    asked: list[str] = []
    aids = Aids(now=lambda: NOON, read_file=folder.read, fetch_file=asked.append)
    view, hands, _ = opened(EVERY_KIND, Sheet(aids=aids, is_new=True))
    raw = photograph()
    name = f"{hashlib.sha256(raw).hexdigest()}.jpg"
    assert view.asking.answer("all/room", name)
    view.reading.show_answers(view.asking.walk.sections, asks_reason=False)
    (fetch,) = [
        button
        for button in view.reading.findChildren(Button)
        if button.accessibleName().endswith("내려받기") and not button.isHidden()
    ]

    fetch.click()
    assert asked == [name]
    folder.keep(raw, "jpg")
    view.pictures.fetched(name)
    hands.settle()

    (shown,) = view.reading.findChildren(Thumbnail)
    assert not shown.pixmap().isNull()
    assert fetch.isHidden()


def test_photo_that_is_not_here_offers_no_button_where_nobody_can_be_asked(form: Form) -> None:
    view, _, _ = form

    assert view.asking.answer("all/room", "ab" * 32 + ".jpg")

    answer = view.asking.page().rows["all/room"].answer
    assert isinstance(answer, PhotoAnswer)
    assert answer.fetch_button.isHidden()


def test_dialog_that_is_closed_changes_nothing(form: Form) -> None:
    _, hands, filling = form

    hands.press("F3")

    assert filling.value("all/room") == ""


def test_photo_is_pasted_from_the_clipboard_and_taken_away_by_delete(form: Form) -> None:
    view, hands, filling = form
    image = QImage(64, 64, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)

    hands.press("Ctrl+V")
    assert filling.value("all/room") != ""
    hands.press("Delete")

    assert filling.value("all/room") == ""
    assert view.cursor_path() == "all/room"


def test_clipboard_without_a_picture_is_said_and_nothing_is_taken(form: Form) -> None:
    view, hands, filling = form
    QGuiApplication.clipboard().setText("가상")

    hands.press("Ctrl+V")

    answer = view.asking.page().rows["all/room"].answer
    assert isinstance(answer, PhotoAnswer)
    assert "사진으로 읽을 수 없는 파일" in answer.said()
    assert filling.value("all/room") == ""


def test_leaving_waits_for_a_photo_that_is_still_being_kept(
    opened: Callable[..., Form], folder: Folder
) -> None:
    view, hands, filling = opened(EVERY_KIND, Sheet(aids=Aids(now=lambda: NOON), is_new=True))
    taken: list[tuple[str, bytes, str]] = []
    view.photo_taken.connect(lambda path, raw, ending: taken.append((path, raw, ending)))
    left: list[bool] = []
    view.leave_requested.connect(lambda: left.append(True))
    view.asking.stand_at("all/room")
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    QGuiApplication.clipboard().setImage(image)
    hands.press("Ctrl+V")

    hands.press("Escape")
    assert left == []
    path, raw, ending = taken[0]
    view.pictures.kept(path, folder.keep(raw, ending))

    assert left == [True]
    assert filling.value("all/room") in folder.files


def test_second_ctrl_enter_right_after_a_signature_is_done_too_when_it_is_kept(
    opened: Callable[..., Form], folder: Folder
) -> None:
    view, hands, filling = opened(EVERY_KIND, Sheet(aids=Aids(now=lambda: NOON), is_new=True))
    taken: list[tuple[str, bytes, str]] = []
    view.photo_taken.connect(lambda path, raw, ending: taken.append((path, raw, ending)))
    completed: list[str] = []
    view.complete_requested.connect(completed.append)
    view.asking.stand_at("all/signed")
    sign(view, hands)
    hands.press("Return")

    hands.press("Ctrl+Return", "Ctrl+Return")
    assert not view.is_reading_back()
    assert completed == []
    path, raw, ending = taken[0]
    view.pictures.kept(path, folder.keep(raw, ending))

    assert filling.value("all/signed") in folder.files
    assert completed == [""]


def test_signature_that_could_not_be_kept_lets_nothing_be_finished(
    opened: Callable[..., Form],
) -> None:
    view, hands, filling = opened(EVERY_KIND, Sheet(aids=Aids(now=lambda: NOON), is_new=True))
    completed: list[str] = []
    view.complete_requested.connect(completed.append)
    view.asking.stand_at("all/signed")
    sign(view, hands)
    hands.press("Return", "Ctrl+Return", "Ctrl+Return")

    view.pictures.not_kept("all/signed")

    assert completed == []
    assert not view.is_reading_back()
    assert filling.value("all/signed") == ""


def sign(view: FillingView, hands: Hands) -> DrawingAnswer:
    answer = view.asking.page().rows["all/signed"].answer
    assert isinstance(answer, DrawingAnswer)
    hands.draw(answer.canvas, *((x, 40 + x % 50) for x in range(40, 300, 20)))
    return answer


def test_signature_is_drawn_confirmed_by_enter_and_kept_as_a_picture(
    form: Form, folder: Folder
) -> None:
    view, hands, filling = form
    view.asking.stand_at("all/signed")

    answer = sign(view, hands)
    assert filling.value("all/signed") == ""
    hands.press("Return")

    name = filling.value("all/signed")
    assert name.endswith(".png")
    drawn = QImage.fromData(folder.files[name])
    inks = {drawn.pixelColor(x, y).lightness() for x in range(80, 600, 4) for y in range(60, 200)}
    assert min(inks) < 64
    assert not answer.canvas.isVisible()
    assert not answer.kept.pixmap().isNull()


def test_delete_clears_a_signature_before_and_after_it_is_confirmed(form: Form) -> None:
    view, hands, filling = form
    view.asking.stand_at("all/signed")
    answer = sign(view, hands)

    hands.press("Delete")
    assert answer.canvas.is_empty()

    sign(view, hands)
    hands.press("Return")
    assert filling.value("all/signed") != ""
    view.asking.stand_at("all/signed")
    hands.press("Delete")
    assert filling.value("all/signed") == ""
    assert answer.canvas.isVisible()


def test_enter_on_an_empty_sheet_goes_on_and_signs_nothing(form: Form) -> None:
    view, hands, filling = form
    view.asking.stand_at("all/signed")

    hands.press("Return")

    assert filling.value("all/signed") == ""
    assert view.foot.main.hasFocus()


def test_finger_draws_as_the_mouse_does(form: Form) -> None:
    view, hands, filling = form
    view.asking.stand_at("all/signed")
    answer = view.asking.page().rows["all/signed"].answer
    assert isinstance(answer, DrawingAnswer)
    screen = QTest.createTouchDevice()
    for kind, place in (
        (QEvent.Type.TouchBegin, QPointF(40, 40)),
        (QEvent.Type.TouchUpdate, QPointF(120, 80)),
        (QEvent.Type.TouchEnd, QPointF(120, 80)),
    ):
        point = QEventPoint(0, QEventPoint.State.Updated, place, place)
        touch = QTouchEvent(kind, screen, Qt.KeyboardModifier.NoModifier, [point])
        QApplication.sendEvent(answer.canvas, touch)
    assert not answer.canvas.is_empty()
    hands.press("Return")

    assert filling.value("all/signed") != ""


def test_photo_taken_in_the_app_is_kept_encrypted_and_read_back(
    window: tuple[MainWindow, Hands],
) -> None:
    opened, hands = window
    begin_work(opened, hands, role=0)
    desk = opened.desk
    assert desk is not None
    desk.form.open_new("P01")
    hands.wait_until(lambda: opened.screen_name() == "filling", "the form")
    view = desk.filling
    for path, value in (("method", "visit"), ("result", "self"), ("home/inside_seen", "in")):
        assert view.asking.answer(path, value)
    asked = (q for s in view.asking.walk.sections for q in s.asked)
    photo = next(q.path for q in asked if q.control == "upload")
    view.asking.stand_at(photo)
    image = QImage(320, 240, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    QGuiApplication.clipboard().setImage(image)

    hands.press("Ctrl+V")
    hands.wait_until(lambda: not view.pictures.is_busy() and opened.jobs.is_idle(), "the photo")

    filling = view.filling()
    assert filling is not None
    name = filling.value(photo)
    kept = files.read_file(desk.session, name)
    assert name == f"{hashlib.sha256(kept).hexdigest()}.jpg"
    assert QImage.fromData(kept).size() == image.size()
