package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// The codes of what the life of a change forbids.
const (
	CodeNoSuchRules   = "store.no_such_rules"   // version
	CodeRulesInForce  = "store.rules_in_force"  // version
	CodeRulesOutdated = "store.rules_outdated"  // version, the one in force
	CodeSamePerson    = "store.rules_same_hand" // version, who proposed it
)

// Suggest keeps a change for confirmation: the files of v with its author, reason and impact. Nothing comes into force.
// The newest row is given back if it is the same proposal.
func (r *RuleBook) Suggest(ctx context.Context, v Rules) (Rules, error) {
	v.Files = slices.Clone(v.Files)
	slices.SortFunc(v.Files, func(a, b RuleFile) int { return cmp.Compare(a.Name, b.Name) })
	v.Hash, v.InForce = hashFiles(v.Files), at(0)
	err := r.db.transact(ctx, "rules", func(tx *Tx) error {
		var id int64
		var hash string
		err := tx.row(ctx, "SELECT id, hash FROM rules ORDER BY id DESC LIMIT 1").Scan(&id, &hash)
		if err == nil && hash == v.Hash {
			v.ID = id
			return nil
		}
		if err != nil && !none(err) {
			return err
		}
		return tx.putRules(ctx, &v)
	})
	if err != nil {
		return Rules{}, fmt.Errorf("keep proposed rules: %w", err)
	}
	return r.Get(ctx, v.ID)
}

// Confirm puts a proposal in force. With second, the person must be another than its author. A proposal older than the
// version in force is refused: what it was seen to do was seen against other rules.
func (r *RuleBook) Confirm(ctx context.Context, id int64, by string, second, resend bool) (Rules, error) {
	err := r.db.transact(ctx, "rules", func(tx *Tx) error {
		var author string
		var inForce, latest int64
		err := tx.row(ctx, "SELECT author, in_force FROM rules WHERE id = ?", id).Scan(&author, &inForce)
		if err == nil {
			err = tx.get(ctx, &latest, "SELECT COALESCE(MAX(id), 0) FROM rules WHERE in_force > 0")
		}
		version := strconv.FormatInt(id, 10)
		switch {
		case none(err):
			return fault(CodeNoSuchRules, version)
		case err != nil:
			return err
		case inForce > 0:
			return fault(CodeRulesInForce, version)
		case latest > id:
			return fault(CodeRulesOutdated, version, strconv.FormatInt(latest, 10))
		case second && author == by:
			return fault(CodeSamePerson, version, author)
		}
		_, err = tx.exec(ctx, "UPDATE rules SET in_force = ?, confirmed_by = ?, resend = ? WHERE id = ?", tx.now, by, bit(resend), id)
		return err
	})
	if err != nil {
		return Rules{}, fmt.Errorf("confirm rules %d: %w", id, err)
	}
	return r.Get(ctx, id)
}

// Restore puts the files of an older version in force again, as a version of its own.
func (r *RuleBook) Restore(ctx context.Context, id int64, by, reason string) (Rules, error) {
	old, err := r.Get(ctx, id)
	if err != nil {
		if errors.Is(err, ErrNotFound) {
			err = fault(CodeNoSuchRules, strconv.FormatInt(id, 10))
		}
		return Rules{}, err
	}
	v := Rules{Files: old.Files, Hash: old.Hash, Author: by, Reason: reason, ConfirmedBy: by, Restores: id}
	err = r.db.transact(ctx, "rules", func(tx *Tx) error {
		v.InForce = at(tx.now)
		return tx.putRules(ctx, &v)
	})
	if err != nil {
		return Rules{}, fmt.Errorf("restore rules %d: %w", id, err)
	}
	return v, nil
}

// History is the newest versions first, without their files.
func (r *RuleBook) History(ctx context.Context, limit int) ([]Rules, error) {
	rows, err := r.db.query(ctx, `SELECT id, hash, in_force, proposed, author, reason, impact, confirmed_by, resend, restores
		FROM rules ORDER BY id DESC LIMIT ?`, limit)
	all, err := collect(rows, err, func(rows *sql.Rows, v *Rules) error {
		var resend int64
		err := rows.Scan(&v.ID, &v.Hash, instant{&v.InForce}, instant{&v.Proposed}, &v.Author, &v.Reason, &v.Impact,
			&v.ConfirmedBy, &resend, &v.Restores)
		v.Resend = resend != 0
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of the rules: %w", err)
	}
	return all, nil
}

// Resends says whether a version after the first and up to the second came into force with the word that what is
// published goes again.
func (r *RuleBook) Resends(ctx context.Context, after, upTo int64) (bool, error) {
	var n int64
	err := r.db.get(ctx, &n, "SELECT COUNT(*) FROM rules WHERE id > ? AND id <= ? AND in_force > 0 AND resend <> 0", after, upTo)
	if err != nil {
		return false, fmt.Errorf("find what goes again: %w", err)
	}
	return n > 0, nil
}

// bit is a truth as both databases keep it.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Former is the version that was in force before the one that is; ok is false if there is none.
func (r *RuleBook) Former(ctx context.Context) (id int64, ok bool, err error) {
	err = r.db.get(ctx, &id, `SELECT COALESCE(MAX(id), 0) FROM rules WHERE in_force > 0
		AND id < (SELECT COALESCE(MAX(id), 0) FROM rules WHERE in_force > 0)`)
	if err != nil {
		return 0, false, fmt.Errorf("find the rules before: %w", err)
	}
	return id, id > 0, nil
}

// FromFiles is the hash of the newest version that came from files edited in place, "" if there is none: files that say
// the same were not edited since.
func (r *RuleBook) FromFiles(ctx context.Context) (hash string, err error) {
	err = r.db.get(ctx, &hash, "SELECT COALESCE((SELECT hash FROM rules WHERE author = '' ORDER BY id DESC LIMIT 1), '')")
	if err != nil {
		return "", fmt.Errorf("find the files that were taken up last: %w", err)
	}
	return hash, nil
}

// HashRules is the hash under which a version of these files is known.
func HashRules(files []RuleFile) string {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b RuleFile) int { return cmp.Compare(a.Name, b.Name) })
	return hashFiles(files)
}

// Differing are the names of the files that are not as they stand in this version, with those that it does not have and
// those that are gone.
func (v Rules) Differing(files []RuleFile) (names []string) {
	known := map[string]string{}
	for _, f := range v.Files {
		known[f.Name] = string(f.Content)
	}
	for _, f := range files {
		if content, ok := known[f.Name]; !ok || content != string(f.Content) {
			names = append(names, f.Name)
		}
		delete(known, f.Name)
	}
	for name := range known {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
