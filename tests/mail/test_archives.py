"""Archives of other programs: every message once, in a stable order, and an honest word about the rest."""

import gzip
import io
import random
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congvu.mail.archives import Difficulty, Found, messages

ONE = b"From: a@b.example\nSubject: one\n\nfirst\n"
TWO = b"From: a@b.example\nSubject: two\n\nsecond\n"
LINE = b"From a@b.example Mon Jan  1 00:00:00 2024\n"


def mbox(*raws):
    return b"".join(
        LINE
        + b"\n".join(
            b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in raw.split(b"\n")
        )
        + b"\n"
        for raw in raws
    )


def write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def raws(path, **options):
    return [item.raw for item in messages(path, **options) if isinstance(item, Found)]


def reasons(path, **options):
    return [item.reason for item in messages(path, **options) if isinstance(item, Difficulty)]


def test_an_mbox_gives_its_messages_with_their_places(tmp_path):
    path = write(tmp_path, "box", mbox(ONE, TWO))
    assert list(messages(path)) == [
        Found(source="box", offset=0, raw=ONE),
        Found(source="box", offset=len(mbox(ONE)), raw=TWO),
    ]


def test_exactly_one_quoting_mark_is_taken_off(tmp_path):
    raw = b"Subject: x\n\nFrom here\n>From there\n>>From afar\n> From\n>Fromage\n"
    assert raws(write(tmp_path, "box", mbox(raw))) == [raw]


def test_a_sentence_that_begins_with_from_does_not_cut_a_message(tmp_path):
    raw = b"Subject: x\n\nfirst\n\nFrom now on\n\nFrom 8:00 we meet\n"
    assert raws(write(tmp_path, "box", LINE + raw)) == [raw]


@given(
    st.lists(
        st.lists(st.sampled_from([b"From x", b">From x", b"a", b"", b">>From ", b"From: b"]), max_size=8),
        min_size=1,
        max_size=4,
    )
)
def test_any_bodies_survive_an_mbox(tmp_path_factory, bodies):
    wanted = [b"Subject: x\n\n" + b"".join(line + b"\n" for line in body) for body in bodies]
    assert raws(write(tmp_path_factory.mktemp("box"), "box", mbox(*wanted))) == wanted


def test_crlf_and_packed_boxes_are_read(tmp_path):
    crlf = mbox(ONE, TWO).replace(b"\n", b"\r\n")
    path = write(tmp_path, "box.mbox.gz", gzip.compress(crlf))
    assert raws(path) == [ONE.replace(b"\n", b"\r\n"), TWO.replace(b"\n", b"\r\n")]


def test_a_cut_off_packed_box_gives_what_there_is_and_says_so(tmp_path):
    noise = random.Random(1).randbytes(200_000).hex().encode()  # noqa: S311 -- noise
    whole = gzip.compress(mbox(ONE, ONE + noise + b"\n"))
    found = list(messages(write(tmp_path, "box.gz", whole[: len(whole) // 2])))
    assert found[0] == Found(source="box.gz", offset=0, raw=ONE)
    assert [item.reason for item in found if isinstance(item, Difficulty)] == ["truncated"]


def test_a_maildir_gives_cur_and_new_only(tmp_path):
    write(tmp_path, "M/cur/1.a:2,S", ONE)
    write(tmp_path, "M/new/2.b", TWO)
    write(tmp_path, "M/tmp/3.c", b"Subject: half\n\n")
    write(tmp_path, "M/.Sent/cur/4.d:2,S", ONE)
    write(tmp_path, "M/.Sent/new/.keep", b"")
    write(tmp_path, "M/dovecot-uidlist", b"3 V1 N2\n")
    assert [(item.source, type(item).__name__) for item in messages(tmp_path / "M")] == [
        (".Sent/cur/4.d:2,S", "Found"), (".Sent/new/.keep", "Difficulty"), ("cur/1.a:2,S", "Found"), ("new/2.b", "Found"),
    ]  # fmt: skip


def test_a_folder_of_eml_files_gives_each(tmp_path):
    write(tmp_path, "in/b.eml", TWO)
    write(tmp_path, "in/a.eml", ONE)
    write(tmp_path, "in/sub/box.mbox", mbox(ONE))
    assert raws(tmp_path / "in") == [ONE, TWO, ONE]


def test_links_are_not_followed(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/loop").symlink_to(tmp_path / "in")
    (tmp_path / "in/out.eml").symlink_to(write(tmp_path, "secret.eml", ONE))
    assert reasons(tmp_path / "in") == ["nothing_found"]


def packed(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link.eml")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    return out.getvalue()


@pytest.mark.parametrize("name", ["all.tar.gz", "all.tgz"])
def test_a_tar_gives_its_files_and_no_links(tmp_path, name):
    long_ = ONE + b"x" * 2000 + b"\n"
    path = write(tmp_path, name, packed([("a.eml", ONE), ("../b.eml", long_), ("box", mbox(long_, TWO))]))
    assert raws(path) == [ONE, long_, long_, TWO]
    assert reasons(path) == []


def test_a_cut_off_tar_says_so(tmp_path):
    whole = packed([("a.eml", ONE), ("b.eml", ONE + random.Random(1).randbytes(50_000))])  # noqa: S311 -- noise
    found = list(messages(write(tmp_path, "all.tar.gz", whole[:30_000])))
    assert found[0].raw == ONE
    assert found[-1] == Difficulty(source="all.tar.gz", offset=0, reason="damaged")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty"), (b"\n\n", "empty"), (b"\x89PNG\r\n\x1a\n", "not_mail"), (b"hello world\n", "not_mail"),
     (b"\x1f\x8b broken", "damaged"), (b"Subject: " + b"x" * 3000, "too_large"), (LINE + b"Subject: " + b"x" * 3000, "too_large")],
)  # fmt: skip
def test_what_is_no_mail_is_named(tmp_path, content, reason):
    assert list(messages(write(tmp_path, "x.eml", content), largest=2000)) == [
        Difficulty(source="x.eml", offset=0, reason=reason)
    ]


def test_what_is_missing_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(messages(tmp_path / "none"))


@given(st.binary(max_size=400))
def test_noise_never_raises(tmp_path_factory, noise):
    folder = tmp_path_factory.mktemp("noise")
    for name, head in (
        ("a.eml", b""),
        ("b.tar.gz", b""),
        ("c.gz", b"\x1f\x8b\x08"),
        ("d", b"From x 1:00 2024\n"),
        ("e.tar", b""),
    ):
        list(messages(write(folder, name, head + noise)))
