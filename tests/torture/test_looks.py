"""Every page of 1022 in every state and language, before axe, pa11y and Lighthouse, at 320, 360 and 1280 pixels and on paper.

`CONGVU_LOOKS=FOLDER` keeps the table, each finding and pictures of all pages there. pa11y and Lighthouse look too where both
are on the path (`npm install pa11y lighthouse`); the product and its other tests need nothing of npm.
"""

import collections
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest
from django.urls import get_resolver

from tests.journeys.conftest import agency, chromium, lived
from tests.petitions.photos import exif, photo
from tests.torture.looks import looking, shelf, walk
from tests.torture.looks.looking import Finding
from tests.torture.looks.shelf import Shelf
from tests.torture.looks.walker import walking

__all__ = ["agency", "chromium", "lived"]
pytestmark = pytest.mark.torture
FOLDER = os.environ.get("CONGVU_LOOKS", "")
WARD = ((20.0, 0.0, 22.0), "N"), ((105.0, 0.0, 15.0), "E")  # within the demonstration's territory
PAGES = (
    "ask:",
    "petitions:",
    "portal:request",
    "portal:figures",
    "portal:registers",
)  # how names of routes begin
# Addresses at which no page stays: what is downloaded, fetched by a page, or leads on at once.
NO_PAGES = {
    *(
        "ask:index",
        "ask:begin",
        "ask:throw-away",
        "ask:leave",
        "ask:map",
        "ask:text",
        "ask:receipt",
        "ask:file",
    ),
    *("petitions:table", "petitions:bulk", "petitions:filter-save", "petitions:filter-rename"),
    *(
        "petitions:filter-delete",
        "petitions:new-services",
        "petitions:new-similar",
        "petitions:services-load",
    ),
    *("petitions:route", "petitions:template-delete", "petitions:same", "petitions:take", "petitions:file"),
    *("portal:registers", "portal:requests-feed", "portal:requests-export"),
    *("portal:figures-json", "portal:figures-csv", "portal:figures-script"),
}


@pytest.mark.parametrize("language", ["vi", "kk", "ru", "en"])
def test_no_tool_finds_anything(agency, chromium, language, tmp_path):
    picture = tmp_path / "den.jpg"
    picture.write_bytes(photo(size=(900, 600), exif=exif(WARD)))
    with shelf.opened(agency.url) as kept:
        with walking(chromium, kept, language) as walkers:
            walk.walk(walkers, picture)
        assert all_routes() - NO_PAGES - set(looking.routes(kept)) == set()
        found = list(looking.by_axe(chromium, kept, language, Path(FOLDER) if FOLDER else None))
        if modules := looking.modules():
            found += looking.by_others(kept, modules)
        tell(language, kept, found)
    assert [one for one in found if one.rule] == []


def all_routes() -> set[str]:
    """Return the names of all routes of 1022."""
    resolver, found = get_resolver(), set()
    for space in ("ask", "petitions", "portal"):
        inner = resolver.namespace_dict[space][1]
        found |= {f"{space}:{name}" for name in inner.reverse_dict if isinstance(name, str)}
    return {one for one in found if one.startswith(PAGES)}


def tell(language: str, kept: Shelf, found: Sequence[Finding]) -> None:
    """Print how many pages each tool saw, and what it found there."""
    for tool in dict.fromkeys(one.tool for one in found):
        seen = {one.page for one in found if one.tool == tool}
        rules = collections.Counter(one.rule for one in found if one.tool == tool and one.rule)
        print(f"{tool} {language}: {len(seen)} pages, {rules.total()} findings {dict(rules)}")  # noqa: T201 -- the result
    if FOLDER:
        lines = [asdict(one) | {"path": kept.pages[one.page].path} for one in found if one.rule]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (Path(FOLDER) / f"findings-{language}.jsonl").write_text(text)
