package store_test

import (
	"fmt"
	"testing"

	"creditsync/jobs/store"
)

const listed = "list_abnormal"

// stage pulls a whole version, rows given as key=content, and finishes it.
func (w *world) stage(rows ...[2]string) (v store.Version, decoded []string) {
	w.Helper()
	begun, err := w.Lists.Begin(w.ctx, listed)
	w.ok(err)
	half := len(rows) / 2
	for _, page := range [][][2]string{rows[:half], rows[half:]} {
		staged := make([]store.StagedRow, len(page))
		for i, r := range page {
			staged[i] = store.StagedRow{Key: r[0], Hash: int64(len(r[1]))*1000 + int64(r[1][0])}
		}
		_, _, err := w.Lists.Stage(w.ctx, listed, begun.Number, staged, func(i int) (store.ListEntry, error) {
			decoded = append(decoded, page[i][0])
			return store.ListEntry{Marks: []int64{int64(page[i][0][0]), 1000 + int64(len(page[i][1]))}, Data: []byte(page[i][1]), Due: today}, nil
		})
		w.ok(err)
	}
	v, err = w.Lists.Finish(w.ctx, listed, begun.Number, int64(len(rows)))
	w.ok(err)
	return v, decoded
}

func (w *world) visible() []string {
	w.Helper()
	entries, err := w.Lists.Entries(w.ctx, listed, "", 100)
	w.ok(err)
	var all []string
	for _, e := range entries {
		all = append(all, e.Key+"="+string(e.Data))
	}
	return all
}

// marked are the entries of a version that carry a mark.
func (w *world) marked(v store.Version, marks ...int64) (all []string) {
	w.Helper()
	entries, err := w.Lists.ByMarks(w.ctx, v, marks, 100)
	w.ok(err)
	for _, e := range entries {
		all = append(all, e.Key+"="+string(e.Data))
	}
	return all
}

func TestVersionsSwitchAtOnce(t *testing.T) {
	each(t, func(w *world) {
		v, _ := w.stage([2]string{"a", "x"}, [2]string{"b", "x"}, [2]string{"c", "x"})
		equal(w, "unseen", w.visible(), []string(nil))
		w.ok(w.Lists.Switch(w.ctx, listed, v.Number))
		equal(w, "first", w.visible(), []string{"a=x", "b=x", "c=x"})

		next, decoded := w.stage([2]string{"a", "x"}, [2]string{"b", "yy"}, [2]string{"d", "x"}, [2]string{"a", "x"})
		equal(w, "decoded", decoded, []string{"b", "d"})
		equal(w, "counts", []int64{next.Rows, next.Added, next.Changed, next.Removed, next.Repeated, next.Total}, []int64{3, 1, 1, 1, 1, 4})
		equal(w, "still the first", w.visible(), []string{"a=x", "b=x", "c=x"})
		w.ok(w.Lists.Hold(w.ctx, listed, next.Number, "lists.shrunk"))
		w.ok(w.Lists.Drop(w.ctx, listed, next.Number, "test"))
		equal(w, "dropped", w.visible(), []string{"a=x", "b=x", "c=x"})

		again, _ := w.stage([2]string{"b", "yy"}, [2]string{"d", "x"}, [2]string{"a", "x"})
		equal(w, "counts", []int64{again.Rows, again.Added, again.Changed, again.Removed, again.Repeated}, []int64{3, 1, 1, 1, 0})
		w.ok(w.Lists.Switch(w.ctx, listed, again.Number))
		equal(w, "second", w.visible(), []string{"a=x", "b=yy", "d=x"})
		equal(w, "removed", w.marked(again, 'c'), []string(nil))
		equal(w, "as of the first version", w.marked(v, 'c'), []string{"c=x"})
		equal(w, "by content", w.marked(again, 1002), []string{"b=yy"})
		equal(w, "by two marks", w.marked(again, 'b', 1002), []string{"b=yy"})
		equal(w, "content of before", w.marked(again, 1001), []string{"a=x", "d=x"})
		equal(w, "hash depends on content alone", next.Hash, again.Hash)
		if w.Lists.Switch(w.ctx, listed, next.Number) == nil {
			t.Error("a dropped version was switched to")
		}
	})
}

func TestBrokenOffPullIsForgotten(t *testing.T) {
	each(t, func(w *world) {
		v, _ := w.stage([2]string{"a", "x"}, [2]string{"b", "x"})
		w.ok(w.Lists.Switch(w.ctx, listed, v.Number))
		begun, err := w.Lists.Begin(w.ctx, listed)
		w.ok(err)
		_, _, err = w.Lists.Stage(w.ctx, listed, begun.Number, []store.StagedRow{{Key: "a", Hash: 1}, {Key: "z", Hash: 1}},
			func(int) (store.ListEntry, error) { return store.ListEntry{Data: []byte("new")}, nil })
		w.ok(err)
		again, _ := w.stage([2]string{"a", "x"}, [2]string{"b", "x"})
		equal(w, "nothing new", []int64{again.Added, again.Changed, again.Removed}, []int64{0, 0, 0})
		w.ok(w.Lists.Switch(w.ctx, listed, again.Number))
		equal(w, "visible", w.visible(), []string{"a=x", "b=x"})
	})
}

func TestChangedTwiceInOnePull(t *testing.T) {
	each(t, func(w *world) {
		v, _ := w.stage([2]string{"a", "x"}, [2]string{"b", "x"})
		w.ok(w.Lists.Switch(w.ctx, listed, v.Number))
		next, _ := w.stage([2]string{"a", "yy"}, [2]string{"b", "x"}, [2]string{"a", "zzz"}, [2]string{"b", "x"})
		w.ok(w.Lists.Switch(w.ctx, listed, next.Number))
		equal(w, "the later content", w.visible(), []string{"a=zzz", "b=x"})
		equal(w, "marks of the content between", w.marked(next, 1002), []string(nil))
		equal(w, "marks of the later content", w.marked(next, 1003), []string{"a=zzz"})
		equal(w, "counts", []int64{next.Changed, next.Repeated}, []int64{1, 2})
	})
}

func TestUnansweredEntries(t *testing.T) {
	each(t, func(w *world) {
		v, _ := w.stage([2]string{"a", "x"}, [2]string{"b", "x"}, [2]string{"c", "x"})
		w.ok(w.Lists.Switch(w.ctx, listed, v.Number))
		p := store.Page{Stream: stream, AnswersStream: listed, Puts: []store.Put{{Key: key(1), Batch: -1, Answers: "b",
			Exception: &store.Exception{State: store.NotReady, Reason: "test"}}}}
		_, err := w.Records.Commit(w.ctx, p, nil)
		w.ok(err)
		var open []string
		for after := ""; ; {
			page, err := w.Lists.Unanswered(w.ctx, listed, store.Filter{After: after, Limit: 1})
			w.ok(err)
			if len(page) == 0 {
				break
			}
			after = page[0].Key
			open = append(open, after)
		}
		equal(w, "unanswered", fmt.Sprint(open), "[a c]")
	})
}
