package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// The ways in which a sealed log is not what was sealed.
const (
	LogEdited    = "seal.edited"    // a line of the block was changed or replaced
	LogLines     = "seal.lines"     // lines were removed from the block or added to it
	LogBlock     = "seal.block"     // a block is gone, or was changed itself
	LogTree      = "seal.tree"      // the hashes over the blocks are not those of the blocks
	LogTruncated = "seal.truncated" // the log is shorter than when the root was printed
	LogRoot      = "seal.root"      // the log up to there is another than when the root was printed
)

// SealFault is one finding.
type SealFault struct {
	What  string `json:"what"`
	Block int64  `json:"block"` // of a printed root: how many blocks it covered
	First int64  `json:"first,omitempty"`
	Last  int64  `json:"last,omitempty"`
	// Want and Have are numbers of lines, or hashes.
	Want string `json:"want,omitempty"`
	Have string `json:"have,omitempty"`
}

// PrintedRoot is a root that stands on paper: of the log after so many blocks.
type PrintedRoot struct {
	Blocks int64
	Root   string
}

// SealReport is what a check of the log found.
type SealReport struct {
	Blocks int64       `json:"blocks"`
	Lines  int64       `json:"lines"`
	Open   int64       `json:"open"` // lines behind the last block, not sealed yet
	Root   string      `json:"root"` // of the log as it stands
	Faults []SealFault `json:"faults"`
}

// mostSealFaults bounds how many findings a check names.
const mostSealFaults = 100

// CheckSeals hashes every line of the log that is said to be sealed between two instants (zero: from the first, to the
// last) and holds it to the blocks, the blocks to the tree over them, and the tree to printed roots. The lines between two
// blocks count with the later one: there are none, unless somebody added them.
func (l *Log) CheckSeals(ctx context.Context, from, to time.Time, printed []PrintedRoot, progress func(blocks int64)) (SealReport, error) {
	c := &sealCheck{log: l, tree: newHasher(), printed: printed, report: SealReport{Faults: []SealFault{}}}
	last := int64(math.MinInt64)
	for {
		seals, err := l.Seals(ctx, c.report.Blocks, 500)
		if err != nil {
			return c.report, err
		}
		if len(seals) == 0 {
			break
		}
		for _, s := range seals {
			if err := c.block(ctx, s, last, (from.IsZero() || !s.To.Before(from)) && (to.IsZero() || s.From.Before(to))); err != nil {
				return c.report, err
			}
			last = s.Last
		}
		if progress != nil {
			progress(c.report.Blocks)
		}
	}
	if err := l.db.get(ctx, &c.report.Open, "SELECT COUNT(*) FROM events WHERE id > ?", last); err != nil {
		return c.report, fmt.Errorf("count open lines: %w", err)
	}
	return c.report, c.conclude(ctx)
}

// Seals pages through the blocks from a number on.
func (l *Log) Seals(ctx context.Context, from int64, n int) ([]Seal, error) {
	rows, err := l.db.query(ctx, `SELECT number, first_id, last_id, line_count, from_at, to_at, sealed_at, root FROM seals
		WHERE number >= ? ORDER BY number LIMIT ?`, from, n)
	all, err := collect(rows, err, func(rows *sql.Rows, s *Seal) error {
		return rows.Scan(&s.Number, &s.First, &s.Last, &s.Lines, instant{&s.From}, instant{&s.To}, instant{&s.Sealed}, &s.Root)
	})
	if err != nil {
		return nil, fmt.Errorf("read the seals of the log: %w", err)
	}
	return all, nil
}

// sealCheck is one check while it lasts.
type sealCheck struct {
	log     *Log
	tree    *hasher
	printed []PrintedRoot
	report  SealReport
}

func (c *sealCheck) find(f SealFault) {
	if len(c.report.Faults) < mostSealFaults {
		c.report.Faults = append(c.report.Faults, f)
	}
}

// block holds one block to its lines, if it is asked for.
func (c *sealCheck) block(ctx context.Context, s Seal, before int64, asked bool) error {
	for ; c.report.Blocks < s.Number; c.report.Blocks++ {
		c.find(SealFault{What: LogBlock, Block: c.report.Blocks})
		c.tree.add(nil) // the tree over the blocks differs from here on
	}
	c.report.Blocks, c.report.Lines = s.Number+1, c.report.Lines+s.Lines
	c.tree.add(s.record())
	if !asked {
		return nil
	}
	lines, n := newHasher(), int64(0)
	if err := c.log.lines(ctx, before, s.Last, 1<<30, func(line sealLine) bool { lines.add(line.text); n++; return true }); err != nil {
		return err
	}
	root, err := lines.root()
	if err != nil {
		return err
	}
	switch {
	case n != s.Lines:
		c.find(SealFault{What: LogLines, Block: s.Number, First: s.First, Last: s.Last, Want: fmt.Sprint(s.Lines), Have: fmt.Sprint(n)})
	case root != s.Root:
		c.find(SealFault{What: LogEdited, Block: s.Number, First: s.First, Last: s.Last, Want: s.Root, Have: root})
	}
	return nil
}

// conclude holds the tree to what is stored of it and to the printed roots.
func (c *sealCheck) conclude(ctx context.Context) (err error) {
	if c.report.Blocks > 0 {
		if c.report.Root, err = c.tree.root(); err != nil {
			return err
		}
	}
	if err := c.stored(ctx); err != nil {
		return err
	}
	for _, p := range c.printed {
		if err := c.paper(p); err != nil {
			return err
		}
	}
	return nil
}

// stored holds the hashes that are stored of the tree to the tree: nothing else may stand there.
func (c *sealCheck) stored(ctx context.Context) (err error) {
	rows, err := c.log.db.query(ctx, "SELECT place, hash FROM seal_hashes ORDER BY place")
	if err != nil {
		return fmt.Errorf("read the tree of the sealed log: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	n, same := 0, true
	for rows.Next() {
		var place int64
		var hash string
		if err := rows.Scan(&place, &hash); err != nil {
			return fmt.Errorf("read the tree of the sealed log: %w", err)
		}
		same = same && place == int64(n) && n < len(c.tree.hashes) && hash == hex.EncodeToString(c.tree.hashes[n][:])
		n++
	}
	if !same || n != len(c.tree.hashes) {
		c.find(SealFault{What: LogTree, Block: c.report.Blocks, Want: c.report.Root})
	}
	return rows.Err()
}

// paper holds the tree to one printed root.
func (c *sealCheck) paper(p PrintedRoot) error {
	switch {
	case p.Blocks > c.report.Blocks:
		c.find(SealFault{What: LogTruncated, Block: p.Blocks, Want: fmt.Sprint(p.Blocks), Have: fmt.Sprint(c.report.Blocks)})
		return nil
	}
	h, err := tlog.TreeHash(p.Blocks, c.tree)
	if err != nil {
		return err
	}
	if have := hex.EncodeToString(h[:]); have != p.Root {
		c.find(SealFault{What: LogRoot, Block: p.Blocks, Want: p.Root, Have: have})
	}
	return nil
}
