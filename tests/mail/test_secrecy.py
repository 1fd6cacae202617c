"""State secrets never enter: a mark is found where it stands as a mark, and nowhere else."""

import unicodedata

import pytest

from congvu.mail import mime
from congvu.mail.door import inspection
from congvu.mail.secrecy import marking
from tests.mail.letters import raw

MARKED_TITLES = {
    "MẬT": "secret",
    "[Mật] Công văn 12": "secret",
    "MẬT - Kế hoạch": "secret",
    "MẬT: Kế hoạch": "secret",
    "Re: [MẬT] Kế hoạch": "secret",
    "Độ mật: Mật": "secret",
    "M Ậ T": "secret",
    "TỐI MẬT: kế hoạch": "top_secret",
    "kế hoạch TỐI MẬT": "top_secret",
    "T Ố I M Ậ T": "top_secret",
    "[TOI MAT] ke hoach": "top_secret",
    "Tuyệt mật": "special_importance",
    "Fwd: Re: TUYỆT MẬT - x": "special_importance",
    "Dấu chỉ độ mật: Tuyệt mật": "special_importance",
    "ҚҰПИЯ": "secret",
    "(Құпия) Хат": "secret",
    "Өте құпия": "top_secret",
    "Секретно": "secret",
    "Секретно экз. № 1": "secret",
    "Гриф секретности: секретно": "secret",
    "Сов. секретно": "top_secret",
    "СОВЕРШЕННО СЕКРЕТНО, экз. №2": "top_secret",
    "ОСОБОЙ ВАЖНОСТИ": "special_importance",
}
ORDINARY = [
    "bảo mật", "BẢO MẬT", "[Bảo mật] Cập nhật", "Bảo mật - mật khẩu", "AN NINH - BẢO MẬT", "mật khẩu",
    "MẬT KHẨU: abc", "Mật khẩu mới - hệ thống", "mật ong", "MẬT ONG - giá rẻ", "Re: mật ong", "Mật", "mật",
    "Đồ ngọt: mật", "xin giữ bí mật", "Bí mật: 5 cách", "BÍ MẬT", "Quy chế bảo vệ bí mật nhà nước",
    "Tập huấn về độ mật", "tài liệu không mật", "quan hệ mật thiết", "mật độ dân số", "tôi mất ví", "TOI MAT VI",
    "Құпия сөз: 123", "ҚҰПИЯ СӨЗ", "құпия емес", "не секретно", "по секрету", "секретность данных",
    "вопрос особой важности", "Confidential", "", "Bản tin tối mật mã hoá", "cơ mật viện", "giữ kín",
]  # fmt: skip


@pytest.mark.parametrize(("title", "mark"), MARKED_TITLES.items())
def test_a_mark_in_the_subject_is_found(title, mark):
    assert marking(subject=title) == mark
    assert marking(subject=unicodedata.normalize("NFD", title)) == mark


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_no_mark(text):
    assert marking(subject=text) is None
    assert marking(subject="", lines=[text]) is None
    assert marking(subject="", filenames=[text + ".pdf", text.replace(" ", "_") + ".docx"]) is None


@pytest.mark.parametrize(
    "name", ["TUYỆT MẬT.pdf", "TUYỆT_MẬT_ke_hoach.docx", "a/b/[Tuyệt mật] x.odt", "x_-_TUYỆT MẬT.zip"]
)
def test_a_mark_in_a_filename_is_found(name):
    assert marking(subject="Công văn", filenames=["x.pdf", name]) == "special_importance"


def test_a_stamp_alone_on_one_of_the_first_lines_is_found():
    assert (
        marking(subject="Công văn", lines=["BỘ NỘI VỤ", "", "  ** TỐI MẬT **  ", "Kính gửi"]) == "top_secret"
    )


def test_a_stamp_inside_a_sentence_is_not_a_mark():
    lines = [
        "Tài liệu này không thuộc loại tối mật, tuyệt mật hay mật.",
        "Это не секретно.",
        "Бұл құпия емес.",
    ]
    assert marking(subject="Hướng dẫn", lines=lines) is None


def test_a_stamp_far_below_the_head_is_not_read():
    assert marking(subject="x", lines=["x"] * 40 + ["TỐI MẬT"]) is None


def test_the_highest_of_several_marks_counts():
    assert marking(subject="MẬT", filenames=["TUYỆT MẬT.pdf"], lines=["TỐI MẬT"]) == "special_importance"


def test_invisible_letters_do_not_hide_a_mark():
    assert marking(subject="TỐI\u200b M\u00adẬT") == "top_secret"


def enclosing(inner: bytes, kind: str) -> mime.Tree:
    head = b"Subject: Fwd\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nXem.\r\n"
    return mime.take_apart(head + f"--b\r\nContent-Type: {kind}\r\n\r\n".encode() + inner + b"\r\n--b--\r\n")


@pytest.mark.parametrize("kind", ["message/rfc822", "message/global"])
@pytest.mark.parametrize(
    "inner",
    [
        raw(subject="[MẬT] Kế hoạch"),
        raw(text="ỦY BAN NHÂN DÂN\r\nMẬT\r\nKế hoạch"),
        (
            b"Content-Disposition: attachment; filename=\"MAT.pdf\"; filename*=UTF-8''%5BM%E1%BA%ACT%5D%20a.pdf\r\n"
            b"Content-Type: application/pdf\r\n\r\nx"
        ),
    ],
)
def test_a_mark_in_an_enclosed_message_is_found(kind, inner):
    assert inspection.secrecy_mark(enclosing(inner, kind)) == "secret"


def test_an_ordinary_enclosed_message_is_no_secret():
    assert (
        inspection.secrecy_mark(enclosing(raw(subject="Bảo mật", text="Mật ong"), "message/rfc822")) is None
    )
