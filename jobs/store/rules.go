package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
)

// Propose puts rules in force if their hash is new, and returns the version in force. Hashes are the store's to compute.
func (r *RuleBook) Propose(ctx context.Context, files []RuleFile) (Rules, error) {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b RuleFile) int { return cmp.Compare(a.Name, b.Name) })
	v := Rules{Files: files, Hash: hashFiles(files)}
	err := r.db.transact(ctx, "rules", func(tx *Tx) error {
		var hash string
		err := tx.row(ctx, "SELECT id, hash, in_force FROM rules WHERE in_force > 0 ORDER BY id DESC LIMIT 1").Scan(&v.ID, &hash, instant{&v.InForce})
		if err == nil && hash == v.Hash {
			return nil
		}
		if err != nil && !none(err) {
			return err
		}
		v.InForce = at(tx.now)
		return tx.putRules(ctx, &v)
	})
	if err != nil {
		return Rules{}, fmt.Errorf("put rules in force: %w", err)
	}
	return v, nil
}

// hashFiles sets each file's hash and gives that of all: over their names and hashes in the order of the names.
func hashFiles(files []RuleFile) string {
	all := sha256.New()
	for i, f := range files {
		sum := sha256.Sum256(f.Content)
		files[i].Hash = hex.EncodeToString(sum[:])
		fmt.Fprintf(all, "%s\n%s\n", f.Name, files[i].Hash)
	}
	return hex.EncodeToString(all.Sum(nil))
}

func (tx *Tx) putRules(ctx context.Context, v *Rules) error {
	inForce := int64(0)
	if !v.InForce.IsZero() {
		inForce = tx.now
	}
	v.Proposed = at(tx.now)
	err := tx.get(ctx, &v.ID, `INSERT INTO rules (hash, in_force, proposed, author, reason, impact, confirmed_by, resend, restores)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		v.Hash, inForce, tx.now, v.Author, v.Reason, v.Impact, v.ConfirmedBy, bit(v.Resend), v.Restores)
	if err != nil {
		return err
	}
	for _, f := range v.Files {
		_, err := tx.exec(ctx, "INSERT INTO rule_contents (hash, content) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING", f.Hash, f.Content)
		if err == nil {
			_, err = tx.exec(ctx, "INSERT INTO rule_files (rules, name, hash) VALUES (?, ?, ?)", v.ID, f.Name, f.Hash)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

// InForce is the version in force; ok is false before the first.
func (r *RuleBook) InForce(ctx context.Context) (v Rules, ok bool, err error) {
	var id int64
	if err := r.db.get(ctx, &id, "SELECT COALESCE(MAX(id), 0) FROM rules WHERE in_force > 0"); err != nil {
		return Rules{}, false, fmt.Errorf("find the rules in force: %w", err)
	}
	if id == 0 {
		return Rules{}, false, nil
	}
	v, err = r.Get(ctx, id)
	return v, err == nil, err
}

// Get is one version; ErrNotFound if there is none.
func (r *RuleBook) Get(ctx context.Context, id int64) (Rules, error) {
	v := Rules{ID: id}
	var resend int64
	err := r.db.row(ctx, "SELECT hash, in_force, proposed, author, reason, impact, confirmed_by, resend, restores FROM rules WHERE id = ?", id).
		Scan(&v.Hash, instant{&v.InForce}, instant{&v.Proposed}, &v.Author, &v.Reason, &v.Impact, &v.ConfirmedBy, &resend, &v.Restores)
	v.Resend = resend != 0
	if none(err) {
		err = ErrNotFound
	}
	if err == nil {
		var rows *sql.Rows
		rows, err = r.db.query(ctx, "SELECT f.name, f.hash, c.content FROM rule_files f JOIN rule_contents c ON c.hash = f.hash WHERE f.rules = ? ORDER BY f.name", id)
		v.Files, err = collect(rows, err, func(rows *sql.Rows, f *RuleFile) error { return rows.Scan(&f.Name, &f.Hash, &f.Content) })
	}
	if err != nil {
		return Rules{}, fmt.Errorf("rules %d: %w", id, err)
	}
	return v, nil
}
