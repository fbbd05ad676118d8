package store_test

import (
	"testing"

	"creditsync/fixtures/testdb"
	"creditsync/jobs/store"
	"creditsync/mapping"

	"errors"
)

func TestLifeOfAChange(t *testing.T) {
	testdb.Each(t, func(t *testing.T, dsn string) {
		ctx := t.Context()
		db, err := store.Open(ctx, store.Options{DSN: dsn})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		ok := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		ok(db.Migrate(ctx))
		file := func(text string) []store.RuleFile {
			return []store.RuleFile{{Name: "mappings/a.yaml", Content: []byte(text)}}
		}
		first, err := db.Rules.Propose(ctx, file("a"))
		ok(err)
		second, err := db.Rules.Suggest(ctx, store.Rules{Files: file("b"), Author: "张三", Reason: "新增列", Impact: "{}"})
		ok(err)
		if v, _, err := db.Rules.InForce(ctx); err != nil || v.ID != first.ID {
			t.Fatalf("a proposal came into force: %v %v", v.ID, err)
		}
		if again, err := db.Rules.Suggest(ctx, store.Rules{Files: file("b"), Author: "张三"}); err != nil || again.ID != second.ID {
			t.Fatalf("the same proposal twice: %v %v", again.ID, err)
		}
		refused := func(err error, code string) {
			t.Helper()
			var f mapping.Fault
			if !errors.As(err, &f) || f.What != code {
				t.Fatalf("%v, want %s", err, code)
			}
		}
		_, err = db.Rules.Confirm(ctx, second.ID, "张三", true, false)
		refused(err, store.CodeSamePerson)
		_, err = db.Rules.Confirm(ctx, 99, "李四", true, false)
		refused(err, store.CodeNoSuchRules)
		v, err := db.Rules.Confirm(ctx, second.ID, "李四", true, true)
		ok(err)
		if v.InForce.IsZero() || v.ConfirmedBy != "李四" || !v.Resend || v.Author != "张三" || v.Reason != "新增列" || v.Impact != "{}" {
			t.Fatalf("confirmed: %+v", v)
		}
		_, err = db.Rules.Confirm(ctx, second.ID, "李四", true, true)
		refused(err, store.CodeRulesInForce)
		if yes, err := db.Rules.Resends(ctx, first.ID, second.ID); err != nil || !yes {
			t.Errorf("resends: %v %v", yes, err)
		}
		stale, err := db.Rules.Suggest(ctx, store.Rules{Files: file("c"), Author: "张三"})
		ok(err)
		id, found, err := db.Rules.Former(ctx)
		if err != nil || !found || id != first.ID {
			t.Fatalf("former: %d %v %v", id, found, err)
		}
		back, err := db.Rules.Restore(ctx, id, "王五", "弄错了")
		ok(err)
		if now, _, err := db.Rules.InForce(ctx); err != nil || now.ID != back.ID || string(now.Files[0].Content) != "a" || now.Restores != first.ID {
			t.Fatalf("after the rollback: %+v %v", now, err)
		}
		_, err = db.Rules.Confirm(ctx, stale.ID, "李四", false, false)
		refused(err, store.CodeRulesOutdated)
		if hash, err := db.Rules.FromFiles(ctx); err != nil || hash != first.Hash {
			t.Errorf("newest from files: %q %v", hash, err)
		}
		if all, err := db.Rules.History(ctx, 10); err != nil || len(all) != 4 || all[0].ID != back.ID {
			t.Errorf("history: %+v %v", all, err)
		}
	})
}
