"""Tables as offices save them, in every encoding that they use."""

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.directory import sheets
from congvu.directory.importing import COLUMNS, NEEDED

HEADER = "full_name,unit_code,post_title"
NAMES = ["Nguyễn Thị Hường", "Đỗ Đức Thắng", "Trần Ngọc Ánh"]


def read(data: bytes, **options: str) -> sheets.Sheet:
    return sheets.read(data, columns=COLUMNS, needed=NEEDED, **options)


def table(names: list[str], header: str = HEADER) -> str:
    return "\r\n".join([header, *(f"{name},vp,Chuyên viên" for name in names)]) + "\r\n"


def names_of(sheet: sheets.Sheet) -> list[str]:
    return [line.cells["full_name"] for line in sheet.lines]


def windows_1258(text: str) -> bytes:
    """As Vietnamese Windows saves it: the base letter, then the tone as a mark of its own."""
    out = bytearray()
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            base, tone = unicodedata.normalize("NFD", letter)[:1], unicodedata.normalize("NFD", letter)[1:]
            shape = [mark for mark in tone if mark in "\u0302\u0306\u031b"]
            rest = [mark for mark in tone if mark not in shape]
            out += unicodedata.normalize("NFC", base + "".join(shape)).encode("cp1258")
            out += "".join(rest).encode("cp1258")
    return bytes(out)


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (table(NAMES).encode(), "utf-8"),
        (codecs.BOM_UTF8 + table(NAMES).encode(), "utf-8"),
        (table([unicodedata.normalize("NFD", name) for name in NAMES]).encode(), "utf-8"),
        (table(NAMES).encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + table(NAMES).encode("utf-16-be"), "utf-16"),
        (windows_1258(table(NAMES)), "cp1258"),
        (codecs.BOM_UTF8 + windows_1258(table(NAMES)), "cp1258"),
        (codecs.BOM_UTF16_LE + windows_1258(table(NAMES)), "cp1258"),
    ],
)
def test_vietnamese_names_are_read_whole_whatever_the_encoding(data, encoding):
    sheet = read(data)
    assert (sheet.encoding, names_of(sheet)) == (encoding, NAMES)


def test_russian_names_are_read_from_windows_1251():
    sheet = read("full_name;unit_code\r\nИванова Анна;vp\r\nЩербаков Пётр;vp\r\n".encode("cp1251"))
    assert (sheet.encoding, names_of(sheet)) == ("cp1251", ["Иванова Анна", "Щербаков Пётр"])


def test_an_encoding_can_be_told():
    assert names_of(read("full_name,unit_code\nИва,vp\n".encode("cp1251"), encoding="cp1251")) == ["Ива"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_names_most_columns(delimiter):
    sheet = read(table(NAMES).replace(",", delimiter).encode())
    assert (sheet.delimiter, names_of(sheet)) == (delimiter, NAMES)


def test_the_separator_line_of_a_spreadsheet_is_believed_and_counted():
    sheet = read(b"sep=;\r\nfull_name;unit_code\r\nAn;vp\r\n")
    assert [(line.number, dict(line.cells)) for line in sheet.lines] == [
        (3, {"full_name": "An", "unit_code": "vp"})
    ]


def test_a_header_may_be_vietnamese():
    sheet = read("Họ và tên;Mã đơn vị;Chức danh;Từ ngày;Ghi chú\nAn;vp;Văn thư;;x\n".encode())
    assert (sheet.columns, sheet.unknown) == (
        ("full_name", "unit_code", "post_title", "valid_from"),
        ("Ghi chú",),
    )


def test_a_line_is_known_by_where_it_begins_in_the_file():
    sheet = read(b'full_name,unit_code\n"An\nAnh",vp\n\nBinh,vp\n')
    assert [line.number for line in sheet.lines] == [2, 5]


@pytest.mark.parametrize(
    ("data", "error", "line"),
    [
        (b"", sheets.EmptySheetError, 0),
        (b"\n\n", sheets.EmptySheetError, 0),
        (HEADER.encode(), sheets.EmptySheetError, 0),
        (b"full_name,unit_code\nAn,v\0p\n", sheets.NulError, 2),
        ("full_name,unit_code\nAn,v\0p\n".encode("utf-16"), sheets.NulError, 2),
        (table(NAMES).encode()[: table(NAMES).encode().rindex("Á".encode()) + 1], sheets.CutOffError, 4),
        (table(NAMES).encode("utf-16")[:-1], sheets.CutOffError, 0),
        (b'full_name,unit_code\nAn,vp\n"Binh,vp\n', sheets.CutOffError, 3),
        (b'full_name,unit_code\n"An" x,vp\n', sheets.UnevenLineError, 2),
        (table(NAMES).encode().replace("Á".encode(), b"\xff"), sheets.DamagedTextError, 4),
        (b"name of the person,unit_code\nAn,vp\n", sheets.NoHeaderError, 1),
        (b"full_name,unit_code,name\nAn,vp,An\n", sheets.TwiceInHeaderError, 1),
        (b"x" * (sheets.OCTET_LIMIT + 1), sheets.TooLargeError, 0),
        (HEADER.encode() + b"\na,b,c" * (sheets.LINE_LIMIT + 1), sheets.TooLargeError, 0),
    ],
)
def test_an_unreadable_file_is_refused_with_its_line(data, error, line):
    with pytest.raises(error) as caught:
        read(data)
    if line:
        assert caught.value.line == line


@given(st.binary(max_size=300))
def test_any_octets_are_read_or_refused(data):
    try:
        read(data)
    except sheets.SheetError:
        return


@given(st.lists(st.text(alphabet="Aăâđêôơưá ễảyТәң,;\"'", min_size=1, max_size=20), min_size=1, max_size=5))
def test_what_is_written_is_read_again(names):
    names = [unicodedata.normalize("NFC", f"x{name}x") for name in names]
    sheet = read(sheets.write([["full_name", "unit_code"], *([name, "vp"] for name in names)]))
    assert names_of(sheet) == names


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_becomes_a_formula(cell):
    assert sheets.safe_cell(cell) == f"'{cell}"
