// Command foreign puts golang.org/x/mod/sumdb behind a pipe: one JSON request a line in, one answer a line out.
// It decides nothing itself; every judgement is made by the packages note and tlog.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type request struct {
	Act           string
	Key, Text     string
	Folder        string
	Old, Size     int64
	Index         int64
	OldRoot, Root tlog.Hash
	Leaf          []byte
	Path          []tlog.Hash
}

type answer struct {
	Error string      `json:"error,omitempty"`
	Text  string      `json:"text,omitempty"`
	Path  []tlog.Hash `json:"path,omitempty"`
	Root  *tlog.Hash  `json:"root,omitempty"`
}

// openNote verifies a signed note with a verifier key.
func openNote(r request) (answer, error) {
	verifier, err := note.NewVerifier(r.Key)
	if err != nil {
		return answer{}, err
	}
	opened, err := note.Open([]byte(r.Text), note.VerifierList(verifier))
	if err != nil {
		return answer{}, err
	}
	return answer{Text: opened.Text}, nil
}

// sign signs a text with a signer key.
func sign(r request) (answer, error) {
	signer, err := note.NewSigner(r.Key)
	if err != nil {
		return answer{}, err
	}
	signed, err := note.Sign(&note.Note{Text: r.Text}, signer)
	return answer{Text: string(signed)}, err
}

// inclusion checks a proof that the leaf stands at the index of a tree.
func inclusion(r request) (answer, error) {
	return answer{}, tlog.CheckRecord(r.Path, r.Size, r.Root, r.Index, tlog.RecordHash(r.Leaf))
}

// consistency checks a proof that the old tree is a prefix of the other.
func consistency(r request) (answer, error) {
	return answer{}, tlog.CheckTree(r.Path, r.Size, r.Root, r.Old, r.OldRoot)
}

// prove makes the proof for an index from the tiles in a folder, which it authenticates against the root.
func prove(r request) (answer, error) {
	tree := tlog.Tree{N: r.Size, Hash: r.Root}
	path, err := tlog.ProveRecord(r.Size, r.Index, tlog.TileHashReader(tree, folder(r.Folder)))
	return answer{Path: path}, err
}

// root computes the tree hash of the leaves in Text, one a line, without any tile.
func root(r request) (answer, error) {
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = hashes[index]
		}
		return found, nil
	})
	leaves := strings.Split(r.Text, "\n")
	for n, leaf := range leaves {
		stored, err := tlog.StoredHashes(int64(n), []byte(leaf), reader)
		if err != nil {
			return answer{}, err
		}
		hashes = append(hashes, stored...)
	}
	hash, err := tlog.TreeHash(int64(len(leaves)), reader)
	return answer{Root: &hash}, err
}

// walk checks every entry in the bundles against the tiles, every tile against the root; Text is the bundles' folder.
func walk(r request) (answer, error) {
	tree := tlog.Tree{N: r.Size, Hash: r.Root}
	reader := tlog.TileHashReader(tree, folder(r.Folder))
	for first := int64(0); first < r.Size; first += 256 {
		width := r.Size - first
		if width > 256 {
			width = 256
		}
		entries, err := bundle(r.Text, tlog.Tile{H: 8, L: 0, N: first / 256, W: int(width)})
		if err != nil {
			return answer{}, err
		}
		if int64(len(entries)) != width {
			return answer{}, errors.New("a bundle of another length than its tile")
		}
		var indexes []int64
		for at := range entries {
			indexes = append(indexes, tlog.StoredHashIndex(0, first+int64(at)))
		}
		hashes, err := reader.ReadHashes(indexes)
		if err != nil {
			return answer{}, err
		}
		for at, entry := range entries {
			if tlog.RecordHash(entry) != hashes[at] {
				return answer{}, errors.New("an entry that its tile does not hold")
			}
			path, err := tlog.ProveRecord(r.Size, first+int64(at), reader)
			if err == nil {
				err = tlog.CheckRecord(path, r.Size, r.Root, first+int64(at), tlog.RecordHash(entry))
			}
			if err != nil {
				return answer{}, err
			}
		}
	}
	return answer{}, nil
}

// bundle reads the entries of a tile, each behind two octets of length.
func bundle(root string, tile tlog.Tile) ([][]byte, error) {
	name := strings.TrimPrefix(tile.Path(), "tile/8/0/")
	data, err := os.ReadFile(filepath.Join(root, "tile", "entries", name))
	var entries [][]byte
	for err == nil && len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(data[0])<<8+int(data[1]) {
			return nil, errors.New("a bundle that is cut")
		}
		end := 2 + int(data[0])<<8 + int(data[1])
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	return entries, err
}

// folder reads C2SP tiles: Go's paths name the height too.
type folder string

func (f folder) Height() int { return 8 }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		path := filepath.Join(string(f), "tile", strings.TrimPrefix(tile.Path(), "tile/8/"))
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			data, err = os.ReadFile(strings.Split(path, ".p/")[0])
		}
		if err != nil {
			return nil, err
		}
		if len(data) > tile.W*tlog.HashSize {
			data = data[:tile.W*tlog.HashSize]
		}
		found = append(found, data)
	}
	return found, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

var acts = map[string]func(request) (answer, error){
	"open": openNote, "sign": sign, "inclusion": inclusion, "consistency": consistency, "prove": prove, "root": root,
	"walk": walk,
}

func main() {
	lines := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var r request
		var a answer
		if err = json.Unmarshal(line, &r); err == nil {
			a, err = acts[r.Act](r)
		}
		if err != nil {
			a = answer{Error: err.Error()}
		}
		if err := out.Encode(a); err != nil {
			return
		}
	}
}
