"""Only actions, readers and migrations write."""

from pathlib import Path

import pytest

from tests.architecture.planting import assert_none, line, plant
from tools import tree, writes

WITH_SQL = "SQL = 'DELETE FROM t'\n\n\n\n\n\n"


@pytest.mark.parametrize("package", tree.packages())
def test_nothing_writes_outside_actions(package: str) -> None:
    files = tree.modules(source=tree.SOURCE / package)
    assert_none(fault for path in files for fault in writes.faults(path))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("row.save()", "save"),
        ("row.save(update_fields=['x'])", "save"),
        ("Row.objects.create(x=1)", "create"),
        ("Row.objects.filter(x=1).update(x=2)", "update"),
        ("Row.objects.filter(x=1).update(**new)", "update"),
        ("row.delete()", "delete"),
        ("Row.objects.bulk_create([Row()])", "bulk_create"),
        ("Row.objects.bulk_update(rows, ['x'])", "bulk_update"),
        ("Row.objects.get_or_create(x=1)", "get_or_create"),
        ("Row.objects.update_or_create(x=1)", "update_or_create"),
        ("cursor.execute('INSERT INTO t VALUES (1)')", "execute"),
        ("cursor.executemany('  update t SET x = 1', rows)", "executemany"),
        ("cursor.execute(f'DELETE FROM {table}')", "execute"),
        ("cursor.execute(SQL, [])", "execute"),
    ],
)
def test_a_write_in_a_view_is_caught(tmp_path: Path, code: str, name: str) -> None:
    path = plant(tmp_path, "web/views.py", WITH_SQL + f"def view():\n    {code}\n")
    assert [line(fault) for fault in writes.faults(path)] == [f"8: .{name}() writes outside actions"]


@pytest.mark.parametrize(
    "code",
    [
        "known.update(other)",
        "digest.update(b'x')",
        "cache.delete('key')",
        "storage.save(name, content)",
        "cursor.execute('SELECT 1')",
        "found.copy()",
    ],
)
def test_what_only_sounds_like_a_write_is_left_alone(tmp_path: Path, code: str) -> None:
    path = plant(tmp_path, "queries.py", f"def ask():\n    {code}\n")
    assert list(writes.faults(path)) == []


@pytest.mark.parametrize("name", ["actions.py", "actions/posts.py", "readers.py", "migrations/0001_first.py"])
def test_the_writing_rooms_may_write(tmp_path: Path, name: str) -> None:
    assert list(writes.faults(plant(tmp_path, name, "row.save()\n"))) == []


def test_a_reason_exempts_a_line_a_function_or_a_class(tmp_path: Path) -> None:
    pad = "import os\n" * 5
    path = plant(
        tmp_path,
        "sequencer.py",
        pad
        + "def a():\n    row.save()  # writes: the cursor of the log\n"
        + "def b():  # writes: the cursor of the log\n    row.save()\n"
        + "class C:  # writes: the cursor of the log\n    def d(self):\n        row.save()\n"
        + "def e():\n    row.save()  # writes:\n",
    )
    assert [line(fault) for fault in writes.faults(path)] == ["14: .save() writes outside actions"]
