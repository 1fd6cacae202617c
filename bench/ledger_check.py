"""The full check of a log: entries a second, over a log on disk of entries as the mail door records them.

Beside it: the plain loop (each entry of each bundle hashed and compared by itself, one process), and Go's hashes
of the same leaves and nodes where Debian's golang-go is installed.
"""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from congvu.standards import jcs, merkle, tiles

SIZE = 1_000_000
AIM = 2_000_000  # entries a second, on two cores
GO = """package main

import ("crypto/sha256"; "fmt"; "os"; "path/filepath"; "time")

func main() {
	begun, count := time.Now(), 0
	filepath.Walk(os.Args[1], func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() { return err }
		data, _ := os.ReadFile(path)
		row := [][32]byte{}
		for at := 0; at < len(data); {
			end := at + 2 + int(data[at])<<8 + int(data[at+1])
			row = append(row, sha256.Sum256(append([]byte{0}, data[at+2:end]...)))
			at = end
		}
		count += len(row)
		for len(row) > 1 {
			above := row[:0:0]
			for i := 0; i+1 < len(row); i += 2 {
				node := make([]byte, 0, 65)
				node = append(append(append(node, 1), row[i][:]...), row[i+1][:]...)
				above = append(above, sha256.Sum256(node))
			}
			row = above
		}
		return nil
	})
	fmt.Println(float64(count) / time.Since(begun).Seconds())
}
"""


def main(arguments: list[str]) -> None:
    """Print the table and the JSON line; an argument is another number of entries."""
    size = int(arguments[0]) if arguments else SIZE
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "congvu.config.settings")
    from congvu.ledger import check  # noqa: PLC0415 -- the environment first
    from congvu.ledger.store import Folder  # noqa: PLC0415 -- as above

    with tempfile.TemporaryDirectory(prefix="congvu-bench-") as place:
        base = Path(place)
        folder = Folder(public=base, entries=base, key=base / "key", copy=base / "copy")
        root = grow(base, size)
        cores = len(os.sched_getaffinity(0))

        def check_all(processes: int) -> None:
            assert list(check.damages(folder, size, root=root, processes=processes)) == []

        rates = {
            "plain loop": _rate("plain loop", size, lambda: _plainly(size, folder.read)),
            "one process": _rate("one process", size, lambda: check_all(1)),
            "all": _rate(f"{cores} processes", size, lambda: check_all(cores)),
        }
        go = _go(base)
    line = {"bench": "ledger_check", "value": round(rates["all"]), "unit": f"entries/s on {cores} cores"}
    peers = {
        "aim": AIM,
        "plain loop": round(rates["plain loop"]),
        "one process": round(rates["one process"]),
        "go": go,
    }
    print(f"load at the end {os.getloadavg()[0]:.1f}")
    print(json.dumps({**line, "peers": peers, "ratio": round(rates["all"] / AIM, 2)}))


def grow(base: Path, size: int) -> bytes:
    """Write the files of a log of so many entries; return its root."""
    edge = tiles.EMPTY
    while edge.size < size:
        count = min(65_536, size - edge.size)
        growth = edge.append([_leaf(edge.size + at) for at in range(count)])
        for name, data in growth.files.items():
            path = base / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        edge = growth.edge
    return edge.root()


def _leaf(number: int) -> bytes:
    """Return a leaf of three disclosures, as long as those of a delivered letter."""
    digest = f"{number:043}"
    attributes = {"automatic": False, "channel": "mx", "communication": "other", "direction": "in"}
    leaf = {
        "agency": "a" * 26,
        "at": "2026-03-02T08:00:00.000000Z",
        "attributes": attributes,
        "digests": [digest] * 3,
        "id": f"{number:026}",
        "kind": "mail.message.delivered",
        "version": 1,
    }
    return jcs.encode(leaf)


def _rate(name: str, size: int, work: Callable[[], None]) -> float:
    """Return entries a second by the clock; print beside it what a second of processor time does."""
    begun, before = time.perf_counter(), os.times()
    work()
    took, after = time.perf_counter() - begun, os.times()
    spent = sum(after[:4]) - sum(before[:4])
    print(
        f"{name:<14} {size / took:>12,.0f} entries/s by the clock {size / spent:>12,.0f} a second of processor"
    )
    return size / took


def _plainly(size: int, read: tiles.Read) -> None:
    for bundle in tiles.bundles(size):
        row = tiles.read_hashes(tiles.Tile(0, bundle.index, bundle.width), read)
        for at, entry in enumerate(tiles.read_entries(bundle, read)):
            assert merkle.leaf_hash(entry) == row[at]
        if bundle.width == tiles.WIDTH:
            merkle.root(row)


def _go(base: Path) -> int | None:
    """Return what Go hashes a second on one core: leaves and nodes of the same bundles; None without Go."""
    program = base / "go" / "main.go"
    program.parent.mkdir()
    program.write_text(GO)
    environment = {
        **os.environ,
        "GOCACHE": str(base / "go" / "cache"),
        "GO111MODULE": "off",
        "GOMAXPROCS": "1",
    }
    command = ["go", "run", str(program), str(base / "tile" / "entries")]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    rate = float(done.stdout)
    print(f"{'Go, one core':<14} {rate:>12,.0f} entries/s by the clock")
    return round(rate)
