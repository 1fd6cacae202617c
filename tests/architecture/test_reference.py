"""What can be set or called is in the reference, and nothing else is."""

import argparse
from pathlib import Path

from tests.architecture.planting import assert_none, plant
from tools import documented, reference, tree

SETTINGS = "docs/reference/settings.md"


def test_every_setting_is_in_the_reference() -> None:
    names = documented.settings([path for path in tree.modules() if path.parent.name == "config"])
    assert_none(documented.faults(names, (tree.ROOT / SETTINGS).read_text(), page=SETTINGS))


def test_no_setting_is_read_behind_the_settings() -> None:
    known = documented.settings([tree.SOURCE / "config" / "settings.py"])
    assert_none(sorted(documented.settings(tree.modules()) - known))


def test_every_command_is_in_the_reference_as_the_code_has_it() -> None:
    assert reference.COMMANDS.read_text() == reference.commands_page(reference.parser()), (
        "run `make reference`"
    )


PAGE = """
# Settings

### `CONGVU_DATA`

Where.

### `CONGVU_GONE`
"""


def test_what_the_page_lacks_or_keeps_too_long_is_caught() -> None:
    assert list(documented.faults({"CONGVU_DATA", "CONGVU_NEW"}, PAGE, page="page")) == [
        "page does not describe CONGVU_NEW",
        "page describes CONGVU_GONE, which does not exist",
    ]
    assert list(documented.faults({"a"}, "## `a`\n## `a`\n", page="page")) == ["page describes a twice"]


def test_settings_are_found_in_code_only(tmp_path: Path) -> None:
    path = plant(
        tmp_path,
        "a.py",
        '''
        """Not CONGVU_PROSE."""
        # nor CONGVU_COMMENT
        CONGVU_NAMED = 1
        x = settings.CONGVU_ASKED, environ["CONGVU_READ"], "CONGVU_ inside words"
        ''',
    )
    assert documented.settings([path]) == {"CONGVU_NAMED", "CONGVU_ASKED", "CONGVU_READ"}


def test_the_page_of_commands_walks_to_the_verb() -> None:
    parser = argparse.ArgumentParser()
    nouns = parser.add_subparsers()
    nouns.add_parser("init", help="make an empty installation")
    verbs = nouns.add_parser("ledger").add_subparsers()
    prove = verbs.add_parser("prove", description="Write a receipt.")
    prove.add_argument("entry", help="its id")
    prove.add_argument("--disclose", help="a name", choices=["actor", "none"])
    assert reference.commands_page(parser).split("## ")[1:] == [
        "`congvu init`\n\nMake an empty installation.\n\n",
        (
            "`congvu ledger prove`\n\nWrite a receipt.\n\n"
            "- `entry`: Its id.\n- `--disclose DISCLOSE`: A name. One of: actor, none.\n"
        ),
    ]
