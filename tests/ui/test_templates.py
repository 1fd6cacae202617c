import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import Context, engines
from django.test import RequestFactory
from django.utils import translation

LANGUAGES = ("vi", "kk", "ru", "en")
SOURCE = Path(__file__).parents[2] / "src" / "congvu"
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
UI = SOURCE / "ui"
STYLES = "".join(path.read_text() for path in SOURCE.glob("*/static/**/*.css"))
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (UI / "static" / "ui" / "icons.svg").read_text()))
REFUSALS = (
    "400.html",
    "403.html",
    "403_csrf.html",
    "404.html",
    "413.html",
    "429.html",
    "500.html",
    "503.html",
    "503_database.html",
)


class Scanner(HTMLParser):
    """Collects what a strict content security policy forbids, and the classes that are named."""

    def __init__(self) -> None:
        super().__init__()
        self.forbidden: list[str] = []
        self.classes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        data = named.get("type") == "application/json"
        if tag == "style" or "style" in named or (tag == "script" and "src" not in named and not data):
            self.forbidden.append(self.get_starttag_text())
        self.forbidden += [name for name in named if name.startswith("on") or name == "hx-on"]
        self.forbidden += [
            value for value in named.values() if value and value.strip().startswith("javascript:")
        ]
        self.classes |= {name for name in (named.get("class") or "").split() if name.startswith("cv-")}


def scanned(html: str) -> Scanner:
    scanner = Scanner()
    scanner.feed(html)
    return scanner


def markup(path: Path) -> str:
    """Return a template as if every block of it were shown."""
    source = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text(), flags=re.DOTALL)
    return re.sub(
        r"{%.*?%}|{{.*?}}", lambda match: "~" if match[0][:2] == "{{" else " ", source, flags=re.DOTALL
    )


def rendered(name: str, language: str, **context: object) -> str:
    with translation.override(language):
        return engines["django"].get_template(name).render(context, RequestFactory().get("/"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_template_holds_script_or_style(path):
    assert scanned(markup(path)).forbidden == []


@pytest.mark.parametrize(
    ("html", "forbidden"),
    [
        ("<p style='color: red'>", ["<p style='color: red'>"]),
        ("<script>act()</script>", ["<script>"]),
        ("<style>p {}</style>", ["<style>"]),
        ('<a onclick="act()">', ["onclick"]),
        ('<a href="javascript:act()">', ["javascript:act()"]),
        ('<script src="/a.js"></script><script type="application/json">{}</script>', []),
    ],
)
def test_script_and_style_are_found(html, forbidden):
    assert scanned(html).forbidden == forbidden


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_class_that_a_template_names_has_a_style(path):
    named = {
        name for name in scanned(markup(path)).classes if "~" not in name and not name.endswith(("-", "_"))
    }
    assert {name for name in named if not re.search(rf"\.{name}(?![\w-])", STYLES)} - UNSTYLED == set()


# Names that only say what a thing is: the plain form of a component, or a hook of its parts.
UNSTYLED = {"cv-button--primary", "cv-tag--neutral", "cv-tile--neutral", "cv-notice--neutral"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_icon_that_a_template_names_is_drawn(path):
    assert set(re.findall(r'{% icon "([^"]+)"', path.read_text())) - SPRITE == set()


def test_every_partial_is_used():
    sources = "".join(path.read_text() for path in TEMPLATES)
    partials = {f"ui/{path.name}" for path in (UI / "templates" / "ui").glob("_*.html")}
    assert {partial for partial in partials if f'"{partial}"' not in sources} == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_speaks_the_reader_s_language(name, language):
    html = rendered(name, language)
    assert f'<html lang="{language}">' in html
    heading = re.search(r"<h1>(.*?)</h1>", html)[1]
    assert f"<title>{heading} – Congvu</title>" in html
    assert (heading in rendered(name, "en")) == (language == "en")


def test_the_refusal_of_a_broken_server_needs_no_request():
    with translation.override("en"):
        html = engines["django"].get_template("500.html").template.render(Context({}))
    assert "<h1>Something went wrong on our side</h1>" in html


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("full", "The disk of this installation is full."),
        ("disk", "The disk of this installation cannot be written."),
        ("<fork>", '<code lang="en">&lt;fork&gt;</code>'),
        ("", "The evidence store is closed for writing."),
    ],
)
def test_the_page_for_unwritable_evidence_says_why(reason, said):
    html = rendered("503.html", "en", reason=reason)
    assert "Nothing was saved." in html
    assert said in html


def test_the_title_names_page_and_agency_and_leads_with_an_error():
    html = rendered("404.html", "vi", agency_name={"vi": "Sở Mẫu"}, form=type("F", (), {"errors": True})())
    assert "<title>Lỗi: Không tìm thấy trang này – Sở Mẫu – Congvu</title>" in html
