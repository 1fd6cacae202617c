"""WCAG 2.2: 1.4.3 asks 4.5:1 of text, 1.4.11 asks 3:1 of what one must see to use."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "src" / "congvu" / "ui" / "static" / "ui" / "css"


def tokens(*files: str) -> dict[str, str]:
    text = "".join((CSS / file).read_text() for file in files)
    return dict(re.findall(r"(--cv-[\w-]+):\s*(#[0-9a-f]{6})", text))


THEMES = {"light": tokens("tokens.css"), "dark": tokens("tokens.css", "dark.css")}
TONES = ("neutral", "good", "warning", "bad", "info")
GROUNDS = ("paper", "surface", "sunken")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-soft", "link") for ground in (*GROUNDS, "selected")),
    *(("link-visited", ground) for ground in GROUNDS),
    *((f"{tone}-ink", f"{tone}-tint") for tone in TONES),
    *((f"{tone}-ink", ground) for tone in ("bad", "warning", "good") for ground in GROUNDS),
    *(("on-brand", ground) for ground in ("brand", "brand-deep")),
    ("on-brand-soft", "brand"),
    *(("on-button", ground) for ground in ("button", "button-hover")),
    *(("on-danger", ground) for ground in ("danger", "danger-hover")),
    ("focus-ink", "focus"),
]
SEEN = [
    *(("line-strong", ground) for ground in GROUNDS),
    *((f"{tone}-edge", "surface") for tone in TONES),
    *(("button", ground) for ground in GROUNDS),
    ("focus", "focus-ink"),
    ("lacquer", "paper"),
]


def luminance(color: str) -> float:
    parts = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_counted_as_wcag_counts_it():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (SEEN, 3.0)], ids=["text", "seen"])
def test_both_themes_can_be_read(theme, pairs, least):
    values = THEMES[theme]
    found = {pair: contrast(*(values[f"--cv-{name}"] for name in pair)) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in found.items() if ratio < least} == {}


def test_the_night_replaces_every_color_of_the_day():
    assert set(tokens("dark.css")) == set(tokens("tokens.css"))
