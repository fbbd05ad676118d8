package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// The log is sealed in blocks. A block's root is the Merkle tree hash (RFC 6962) of its lines in the order of their ids;
// the blocks are the records of a second tree of that kind, whose hash after n blocks, the log's root, covers every line up
// to there and their order. A root that was printed and signed is the anchor: whoever changes, removes, inserts or reorders
// a line of before, or cuts the log off, cannot come to the same root again. A person with the database and without a
// printed root can seal another story from the start.

// Seal is one sealed block.
type Seal struct {
	Number int64     `json:"number"` // from 0
	First  int64     `json:"first"`  // id of the first line
	Last   int64     `json:"last"`   // of the last
	Lines  int64     `json:"lines"`
	From   time.Time `json:"from"` // when the first line was written
	To     time.Time `json:"to"`   // and the last
	Sealed time.Time `json:"sealed"`
	Root   string    `json:"root"` // of the block, hex
}

// record is the block as a record of the tree of blocks.
func (s Seal) record() []byte {
	return fmt.Appendf(nil, "creditsync log block\n%d %d %d %d\n%s\n", s.Number, s.First, s.Last, s.Lines, s.Root)
}

const (
	// sealRows is how many lines a block holds at most.
	sealRows = 5000
	// settled is how old a line must be to be sealed: no transaction that may still add a line with a lower id is as old.
	settled = time.Minute
)

// Seal seals the next block of lines that are old enough and says how many it holds, 0 if there are none. Two daemons may
// try at once: one of them gets ErrStale.
func (l *Log) Seal(ctx context.Context) (int64, error) {
	s, last, err := l.next(ctx)
	if err != nil {
		return 0, fmt.Errorf("seal the log: %w", err)
	}
	hash := newHasher()
	now, err := l.db.Now(ctx)
	if err != nil {
		return 0, fmt.Errorf("seal the log: %w", err)
	}
	err = l.lines(ctx, last, math.MaxInt64, sealRows, func(line sealLine) bool {
		if line.at > ms(now.Add(-settled)) {
			return false
		}
		if s.Lines == 0 {
			s.First, s.From = line.id, at(line.at)
		}
		s.Last, s.To, s.Lines = line.id, at(line.at), s.Lines+1
		hash.add(line.text)
		return true
	})
	if err != nil || s.Lines == 0 {
		return 0, err
	}
	if s.Root, err = hash.root(); err != nil {
		return 0, err
	}
	return s.Lines, l.keep(ctx, s)
}

// next is the block after the last, and the id of the last sealed line.
func (l *Log) next(ctx context.Context) (s Seal, last int64, err error) {
	err = l.db.row(ctx, "SELECT number + 1, last_id FROM seals ORDER BY number DESC LIMIT 1").Scan(&s.Number, &last)
	if none(err) {
		err = nil
	}
	return s, last, err
}

func (l *Log) keep(ctx context.Context, s Seal) error {
	hashes, err := tlog.StoredHashes(s.Number, s.record(), l.tree(ctx))
	if err != nil {
		return fmt.Errorf("seal the log: %w", err)
	}
	err = l.db.transact(ctx, "seal", func(tx *Tx) error {
		_, err := tx.exec(ctx, "INSERT INTO seals (number, first_id, last_id, line_count, from_at, to_at, sealed_at, root) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			s.Number, s.First, s.Last, s.Lines, ms(s.From), ms(s.To), tx.now, s.Root)
		if err != nil {
			return err
		}
		first := tlog.StoredHashIndex(0, s.Number)
		return tx.bulk(ctx, "seal_hashes", []string{"place", "hash"}, len(hashes), func(i int, args []any) {
			args[0], args[1] = first+int64(i), hex.EncodeToString(hashes[i][:])
		})
	})
	if duplicate(err) {
		err = ErrStale
	}
	if err != nil {
		return fmt.Errorf("seal block %d of the log: %w", s.Number, err)
	}
	return nil
}

// tree reads the stored hashes of the tree of blocks.
func (l *Log) tree(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(places []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(places))
		for i, p := range places { // a few, as deep as the tree is
			var text string
			if err := l.db.get(ctx, &text, "SELECT hash FROM seal_hashes WHERE place = ?", p); err != nil {
				return nil, fmt.Errorf("hash %d of the sealed log: %w", p, err)
			}
			if err := parseHash(&hashes[i], text); err != nil {
				return nil, err
			}
		}
		return hashes, nil
	})
}

var errHash = errors.New("a hash of the sealed log is damaged")

func parseHash(h *tlog.Hash, text string) error {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(h) {
		return errHash
	}
	copy(h[:], b)
	return nil
}

// Root is the log's root and after how many blocks: 0 and "" before the first.
func (l *Log) Root(ctx context.Context) (blocks int64, root string, err error) {
	s, _, err := l.next(ctx)
	if err != nil || s.Number == 0 {
		return 0, "", err
	}
	h, err := tlog.TreeHash(s.Number, l.tree(ctx))
	if err != nil {
		return 0, "", fmt.Errorf("root of the log: %w", err)
	}
	return s.Number, hex.EncodeToString(h[:]), nil
}

// sealLine is one line of the log as it is sealed.
type sealLine struct {
	id, at int64
	text   []byte // valid until the next
}

// lines goes through the lines after one id up to another, in the order of their ids, at most n.
func (l *Log) lines(ctx context.Context, after, to int64, n int, use func(sealLine) bool) (err error) {
	rows, err := l.db.query(ctx, `SELECT id, at, run, kind, stream, reason, delivery, attempt, key, detail FROM events
		WHERE id > ? AND id <= ? ORDER BY id LIMIT ?`, after, to, n)
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var buf []byte
	for rows.Next() {
		var line sealLine
		if buf, err = line.scan(rows, buf[:0]); err != nil {
			return fmt.Errorf("read the log: %w", err)
		}
		if !use(line) {
			return nil
		}
	}
	return rows.Err()
}

// scan writes the line's text: every field, numbers as eight bytes, texts behind their length, so that no two lines are
// written alike.
func (line *sealLine) scan(rows *sql.Rows, b []byte) ([]byte, error) {
	var run, delivery, attempt int64
	var kind, stream, reason, key, detail sql.RawBytes
	if err := rows.Scan(&line.id, &line.at, &run, &kind, &stream, &reason, &delivery, &attempt, &key, &detail); err != nil {
		return b, err
	}
	for _, n := range []int64{line.id, line.at, run, delivery, attempt} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	for _, text := range [][]byte{kind, stream, reason, key, detail} {
		b = append(binary.BigEndian.AppendUint64(b, uint64(len(text))), text...)
	}
	line.text = b
	return b, nil
}

// hasher makes the tree of one block.
type hasher struct {
	hashes []tlog.Hash
	n      int64
	err    error
}

func newHasher() *hasher { return &hasher{} }

func (h *hasher) add(text []byte) {
	if h.err != nil {
		return
	}
	var more []tlog.Hash
	more, h.err = tlog.StoredHashes(h.n, text, h)
	h.hashes, h.n = append(h.hashes, more...), h.n+1
}

// ReadHashes implements tlog.HashReader.
func (h *hasher) ReadHashes(places []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(places))
	for i, p := range places {
		out[i] = h.hashes[p]
	}
	return out, nil
}

func (h *hasher) root() (string, error) {
	if h.err != nil {
		return "", h.err
	}
	sum, err := tlog.TreeHash(h.n, h)
	return hex.EncodeToString(sum[:]), err
}
