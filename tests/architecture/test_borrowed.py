"""Sentences of Django and django-allauth: said in every language of our readers, ours before theirs."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation

from tests import requires
from tests.architecture.planting import assert_none
from tools import borrowed, catalogs, tree


@pytest.fixture(scope="module", autouse=True)
def english() -> dict[str, str]:
    """Every sentence of the packages; reading and making catalogs asks for GNU gettext."""
    requires.program("msgfmt", package="gettext")
    return borrowed.english()


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_no_sentence_of_the_installed_packages_stays_english(language: str, english: dict[str, str]) -> None:
    assert_none(borrowed.faults(english, borrowed.said(language)))


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_the_catalog_of_borrowed_sentences_is_whole(language: str) -> None:
    path = catalogs.catalog(borrowed.OURS, language)
    assert_none([*catalogs.complete(path, language), *catalogs.compiled(path, language)])


def test_every_installed_package_with_sentences_is_known() -> None:
    theirs = [app for app in apps.get_app_configs() if not app.name.startswith("congvu.")]
    assert sorted(app.name for app in theirs if (Path(app.path) / "locale").exists()) == sorted(
        borrowed.PACKAGES[1:]
    )


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_pages_say_what_our_packages_say(language: str, english: dict[str, str]) -> None:
    """What Django or django-allauth makes of the same English sentence never takes its place."""
    ours = [catalogs.catalog(tree.SOURCE / package, language) for package in tree.packages()]
    said = {path: catalogs.read(path.with_suffix(".mo").read_bytes()) for path in ours if path.exists()}
    with translation.override(language):
        assert_none(
            f"{path.parts[-5]} says {held[name]!r} for {name!r}"
            for path, held in said.items()
            for name in english.keys() & held.keys()
            if translation.gettext(name) != held[name]
        )


def test_what_a_package_says_wrongly_is_said_rightly() -> None:
    with translation.override("vi"):
        assert translation.gettext("Password reset unsuccessful") == "Không đặt lại được mật khẩu"
    with translation.override("kk"):
        assert translation.ngettext("%(num)d day", "%(num)d days", 3) == "%(num)d күн"


def test_nobody_is_addressed_as_a_friend(english: dict[str, str]) -> None:
    said = borrowed.said("vi")
    assert_none(said[name] for name in english.keys() & said.keys() if re.search(r"\b[Bb]ạn\b", said[name]))


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({}, "'%(n)d day' has no translation"),
        ({"%(n)d day": "%(n)d ngày"}, None),
        ({"%(n)d day": "một ngày"}, "'%(n)d day' fills in other values in 'một ngày'"),
        ({"%(n)d day": "%(m)d ngày"}, "'%(n)d day' fills in other values in '%(m)d ngày'"),
        (
            {"%(n)d day": "%(n)d күн", "%(n)d day (plural)": "күн"},
            "'%(n)d day' fills in other values in 'күн'",
        ),
    ],
)
def test_a_sentence_that_is_missing_or_fills_in_something_else_is_caught(
    said: dict[str, str], fault: str | None
) -> None:
    wanted = {"%(n)d day": "%(n)d day", "%(n)d day (plural)": "%(n)d days"}
    assert list(borrowed.faults(wanted, said)) == ([fault] if fault else [])


def test_an_upgrade_shows_what_is_new_and_drops_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The packages have learned `Old` themselves, say `New` now, and `Gone` no more; ours on `Wrong` is kept."""
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    _write(theirs, "en", Old="", New="", Wrong="")
    _write(theirs, "vi", Old="Cũ", Wrong="Đúng")
    _write(ours, "vi", Gone="Đã đi", Wrong="Sai")
    monkeypatch.setattr(borrowed, "OURS", ours)
    monkeypatch.setattr(borrowed, "upstream", lambda language: [catalogs.catalog(theirs, language)])
    borrowed.refresh("vi", tmp_path)
    kept = catalogs.catalog(ours, "vi")
    assert catalogs.identifiers(kept) == {"New", "Wrong"}
    assert catalogs.read(kept.with_suffix(".mo").read_bytes()) == {"Wrong": "Sai"}


HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'


def _write(package: Path, language: str, **said: str) -> None:
    path = catalogs.catalog(package, language)
    path.parent.mkdir(parents=True)
    path.write_text(
        HEAD + "".join(f'\nmsgid "{message}"\nmsgstr "{text}"\n' for message, text in said.items())
    )
