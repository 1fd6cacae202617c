"""C2SP tlog-tiles: which files a log consists of, and what is proven from them."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from congvu.standards import merkle, tiles
from congvu.standards.tiles import Tile

LARGEST = 70_000
ENTRIES = [b"entry %d" % number for number in range(LARGEST)]
TREE = merkle.in_memory([merkle.leaf_hash(entry) for entry in ENTRIES])


class Folder:
    """Files of a log, counting how often one is read."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []

    def read(self, path: str) -> bytes:
        self.asked.append(path)
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    def grow(self, edge: tiles.Edge, size: int) -> tiles.Edge:
        """Append up to the size and drop the partial tiles that are spent."""
        growth = edge.append(ENTRIES[edge.size : size])
        self.files |= growth.files
        spent = tuple(f"{path}/" for path in growth.spent())
        for path in [path for path in self.files if path.startswith(spent)]:
            del self.files[path]
        return growth.edge


class Whole(Folder):
    """A log that had a checkpoint at every size: it holds each partial tile that ever was."""

    def read(self, path: str) -> bytes:
        if path not in self.files and ".p/" in path:
            folder, width = path.split(".p/")
            wider = next(known for known in self.files if known.startswith(folder))
            if folder.startswith("tile/entries"):
                return tiles.encode_entries(tiles.decode_entries(self.files[wider])[: int(width)])
            return self.files[wider][: int(width) * 32]
        return super().read(path)


@pytest.fixture(scope="module")
def whole() -> Whole:
    folder = Whole()
    folder.grow(tiles.EMPTY, LARGEST)
    return folder


def named(size: int) -> set[str]:
    return {tile.path for tile in [*tiles.hash_tiles(size), *tiles.bundles(size)]}


def test_the_example_of_the_standard(whole: Whole) -> None:
    levels = [(tile.level, tile.width) for tile in tiles.hash_tiles(LARGEST)]
    assert levels == [*[(0, 256)] * 273, (0, 112), (1, 256), (1, 17), (2, 1)]
    assert set(whole.files) == named(LARGEST)
    assert [tile.path for tile in tiles.hash_tiles(256)] == ["tile/0/000", "tile/1/000.p/1"]


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(0, 0, 1), "tile/0/000.p/1"),
        (Tile(63, 999, 255), "tile/63/999.p/255"),
        (Tile(None, 1000), "tile/entries/x001/000"),
    ],
)
def test_paths_are_spelled_as_the_standard_says_and_read_back(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tiles.parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "checkpoint",
        "tile/0/000/",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/../000",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/٠٠٠",
    ],
)
def test_what_is_no_path_names_no_tile(path: str) -> None:
    assert tiles.parse_path(path) is None


@given(st.integers(0, 10**12), st.integers(1, 256), st.none() | st.integers(0, 63))
def test_every_path_names_its_tile(index: int, width: int, level: int | None) -> None:
    tile = Tile(level, index, width)
    assert tiles.parse_path(tile.path) == tile


SIZES = st.sampled_from([1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 65_792, LARGEST])


@settings(max_examples=12)
@given(st.lists(st.integers(1, LARGEST) | SIZES, min_size=1, max_size=6, unique=True).map(sorted))
@example([1, 2, 3])
@example([255, 256, 257])
@example([65_535, 65_536, LARGEST])
def test_a_log_grown_in_steps_is_the_log_grown_at_once(sizes: list[int]) -> None:
    folder, edge = Folder(), tiles.EMPTY
    for size in sizes:
        edge = folder.grow(edge, size)
        assert edge.root() == merkle.span_root(0, size, TREE) == tiles.root(size, folder.read)
        assert edge == tiles.edge(size, folder.read)
        assert {path: folder.files[path] for path in named(size)} == tiles.EMPTY.append(ENTRIES[:size]).files


@settings(max_examples=300)
@given(st.data())
def test_inclusion_is_proven_from_tiles_for_any_size(whole: Whole, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, LARGEST) | SIZES)
    index = data.draw(st.integers(0, size - 1))
    proof = tiles.inclusion_proof(index, size, whole.read)
    assert proof == merkle.inclusion_proof(index, size, TREE)
    root, leaf = merkle.span_root(0, size, TREE), merkle.leaf_hash(tiles.entry(index, size, whole.read))
    assert merkle.verify_inclusion(index=index, size=size, leaf=leaf, proof=proof, root=root)
    assert not merkle.verify_inclusion(index=index, size=size, leaf=bytes(32), proof=proof, root=root)


@settings(max_examples=300)
@given(st.data())
def test_consistency_is_proven_from_tiles_for_any_sizes(whole: Whole, data: st.DataObject) -> None:
    new = data.draw(st.integers(1, LARGEST) | SIZES)
    old = data.draw(st.integers(1, new))
    proof = tiles.consistency_proof(old, new, whole.read)
    before, after = merkle.span_root(0, old, TREE), merkle.span_root(0, new, TREE)
    assert proof == merkle.consistency_proof(old, new, TREE)
    assert merkle.verify_consistency(old=old, new=new, old_root=before, new_root=after, proof=proof)
    assert not merkle.verify_consistency(old=old, new=new, old_root=bytes(32), new_root=after, proof=proof)


def test_a_proof_reads_few_tiles(whole: Whole) -> None:
    whole.asked.clear()
    tiles.inclusion_proof(300, LARGEST, whole.read)
    assert sorted(whole.asked) == [
        "tile/0/001",
        "tile/0/273.p/112",
        "tile/1/000",
        "tile/1/001.p/17",
    ]


def test_growth_reads_nothing_and_writes_only_what_changes() -> None:
    edge = tiles.EMPTY.append(ENTRIES[:600]).edge
    growth = edge.append(ENTRIES[600:601])
    assert sorted(growth.files) == ["tile/0/002.p/89", "tile/entries/002.p/89"]
    assert growth.spent() == []
    assert edge.append(ENTRIES[600:768]).spent() == ["tile/entries/002.p", "tile/0/002.p"]
    assert edge.append([]) == tiles.Growth(edge=edge, files={})


def test_the_empty_log_has_the_empty_root_and_no_files() -> None:
    folder = Folder()
    assert tiles.EMPTY.root() == tiles.root(0, folder.read) == merkle.EMPTY_ROOT
    assert tiles.edge(0, folder.read) == tiles.EMPTY
    assert named(0) == set()


def of_300() -> Folder:
    folder = Folder()
    folder.grow(tiles.EMPTY, 300)
    return folder


def test_a_missing_full_tile_is_missing() -> None:
    folder = of_300()
    del folder.files["tile/0/000"], folder.files["tile/entries/000"]
    with pytest.raises(FileNotFoundError):
        tiles.inclusion_proof(0, 300, folder.read)
    with pytest.raises(FileNotFoundError):
        tiles.entry(0, 300, folder.read)


@pytest.mark.parametrize("path", ["tile/0/001.p/44", "tile/0/000"])
def test_a_truncated_tile_is_told_from_a_whole_one(path: str) -> None:
    folder = of_300()
    folder.files[path] = folder.files[path][:-1]
    with pytest.raises(tiles.BrokenTileError):
        tiles.inclusion_proof(0, 300, folder.read)


@pytest.mark.parametrize("lost", [1, len(ENTRIES[255]) + 2])
def test_a_truncated_bundle_is_told_from_a_whole_one(lost: int) -> None:
    folder = of_300()
    folder.files["tile/entries/000"] = folder.files["tile/entries/000"][:-lost]
    with pytest.raises(tiles.BrokenTileError):
        tiles.entry(0, 300, folder.read)


@pytest.mark.parametrize("index", [-1, 300])
def test_an_entry_outside_the_log_does_not_exist(index: int) -> None:
    with pytest.raises(IndexError):
        tiles.entry(index, 300, of_300().read)


@given(st.lists(st.binary(max_size=300)))
def test_entry_bundles_are_read_back(entries: list[bytes]) -> None:
    bundle = tiles.encode_entries(entries)
    assert tiles.decode_entries(bundle) == entries
    if bundle:
        with pytest.raises(tiles.BrokenTileError):
            tiles.decode_entries(bundle + b"\x00")


def test_entries_end_at_65535_bytes() -> None:
    assert tiles.decode_entries(tiles.encode_entries([bytes(65_535)])) == [bytes(65_535)]
    with pytest.raises(tiles.EntryTooLargeError):
        tiles.EMPTY.append([bytes(65_536)])
