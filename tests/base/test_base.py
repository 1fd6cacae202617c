"""What every package stands on."""

import os
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.base import blobs, clock, doorbell, handles, keys, texts
from congvu.base.fold import fold, fold_kazakh_as_russian
from congvu.base.search import Document, Index


def test_the_clock_tells_utc_and_a_demonstration_may_set_it():
    instant = datetime(2009, 12, 18, tzinfo=UTC)
    with clock.demonstration(instant):
        assert (clock.now(), clock.is_demonstration()) == (instant, True)
    assert not clock.is_demonstration()
    assert clock.now().tzinfo is UTC


def test_handles_are_fresh_and_have_one_shape():
    made = {handles.new() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(handles.is_handle(one) for one in made)
    assert not any(handles.is_handle(text) for text in ("", "A" * 26, "a" * 25, "a" * 27, "a" * 26 + "\n"))


def test_dated_handles_sort_by_their_time_and_are_fresh_within_it():
    moments = [0, 1, 31, 32, 1_260_000_000_000, 1_260_000_000_001, 2**49]
    made = [handles.dated(moment, os.urandom(handles.RANDOM)) for moment in moments]
    assert made == sorted(made)
    assert all(handles.is_handle(one) for one in made)
    again = {handles.dated(7, os.urandom(handles.RANDOM)) for _ in range(1_000)}
    assert len(again) == 1_000
    assert len({one[:10] for one in again}) == 1


def test_a_derived_handle_is_always_the_same():
    assert handles.derive("a", "bc") == handles.derive("a", "bc") != handles.derive("ab", "c")


def test_a_blob_comes_back_and_is_not_readable_on_disk(data_folder):
    handle = blobs.put(b"official and confidential")
    assert blobs.get(handle) == b"official and confidential"
    stored = b"".join(path.read_bytes() for path in (data_folder / "blobs").rglob("*") if path.is_file())
    assert b"official" not in stored


def test_a_destroyed_blob_is_gone_even_from_a_copy_of_its_file(data_folder):
    handle = blobs.put(b"x" * 1000)
    (path,) = [one for one in (data_folder / "blobs").rglob("*") if one.is_file()]
    copy = path.read_bytes()
    blobs.destroy(handle)
    path.write_bytes(copy)
    with pytest.raises(blobs.BlobMissingError):
        blobs.get(handle)
    assert keys.get_many([handle]) == {}


def test_a_changed_blob_is_not_taken_for_the_stored_one(data_folder):
    handle = blobs.put(b"x" * 1000)
    (path,) = [one for one in (data_folder / "blobs").rglob("*") if one.is_file()]
    data = bytearray(path.read_bytes())
    data[17] ^= 1
    path.write_bytes(data)
    with pytest.raises(blobs.BlobDamagedError):
        blobs.get(handle)


def test_a_destroyed_key_is_not_left_in_the_file(data_folder):
    key = os.urandom(16)
    keys.put_many([("h" * 26, key)])
    keys.destroy("h" * 26)
    assert all(key not in path.read_bytes() for path in data_folder.glob("keys.sqlite3*"))


def test_the_bell_wakes_whoever_listens(data_folder):
    doorbell.ring()  # nobody listens: nothing happens
    bell = doorbell.Listener()
    try:
        assert not bell.wait(0.01)
        threading.Timer(0.05, doorbell.ring).start()
        assert bell.wait(10)
    finally:
        bell.close()


def test_a_text_falls_back_and_says_in_which_language():
    said = {"vi": "xin chào", "kk": "сәлем"}
    assert texts.pick(said, "kk") == ("сәлем", "kk")
    assert texts.pick(said, "ru") == ("xin chào", "vi")
    assert texts.pick({}, "en") == ("", "en")


def test_folding_forgives_marks_and_keyboards():
    assert fold("Ủy ban Nhân dân, ĐƯỜNG Nguyễn Đình Chiểu") == "uy ban nhan dan, duong nguyen dinh chieu"
    assert fold("e\u0302\u0301 ế") == "e e"
    assert fold("Ёлка й") == "елка й"
    assert fold_kazakh_as_russian("Әкімдік Қазақстан Ұңғұ һ") == "акимдик казакстан унгу х"


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def document(key: str, text: str, *, agency: str = "a", readers: tuple[str, ...] = ("box",)) -> Document:
    return Document(kind="mail", key=key, agency=agency, readers=readers, at=datetime.now(UTC), text=text)


def test_search_finds_with_and_without_marks(tmp_path):
    index = Index(tmp_path)
    with index.writing() as writer:
        writer.put([document("one", "Giấy mời họp đường Lê Lợi"), document("two", "Отчёт Қазақстан")])

    def found(words: str) -> list[str]:
        return index.search(kind="mail", agency="a", readers=["box"], words=words).keys

    assert [found(words) for words in ("giấy mời", "GIAY moi", "duong", "le lo")] == [["one"]] * 4
    assert [found(words) for words in ("отчет", "казак", "қазақстан")] == [["two"]] * 3
    assert found("mời đường Huế") == found("") == found('"(*') == []


def test_search_shows_nobody_what_is_not_theirs(tmp_path):
    index = Index(tmp_path)
    with index.writing() as writer:
        writer.put(
            [
                document("mine", "họp"),
                document("other", "họp", readers=("x",)),
                document("far", "họp", agency="b"),
            ]
        )
    assert index.search(kind="mail", agency="a", readers=["box"], words="hop").keys == ["mine"]
    assert index.search(kind="mail", agency="a", readers=[], words="hop").keys == []
    assert index.search(kind="file", agency="a", readers=["box"], words="hop").keys == []


def test_a_document_put_again_takes_the_place_of_the_old(tmp_path):
    index = Index(tmp_path)
    for text in ("cũ", "mới", "mới"):
        with index.writing() as writer:
            writer.put([document("one", text)])
    hits = [index.search(kind="mail", agency="a", readers=["box"], words=word) for word in ("cu", "moi")]
    assert [hit.total for hit in hits] == [0, 1]
