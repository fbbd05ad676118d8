package main

import (
	"sync"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
)

// bars shows on a terminal how far each job has come, with rate and remaining time. It is a jobs.Progress.
type bars struct {
	writer   progress.Writer
	say      func(job string) string
	mu       sync.Mutex
	trackers map[string]*progress.Tracker
	done     sync.WaitGroup
}

// bars starts them on standard error; nil where that is no terminal.
func (c *cli) bars() *bars {
	tty, width := terminal(c.err)
	if !tty {
		return nil
	}
	b := &bars{writer: newBars(c, width), trackers: map[string]*progress.Tracker{},
		say: func(job string) string { return c.say.Say("job." + job) }}
	b.done.Go(b.writer.Render)
	return b
}

// newBars is how bars look everywhere.
func newBars(c *cli, width int) progress.Writer {
	w := progress.NewWriter()
	w.SetOutputWriter(c.err)
	w.SetTerminalWidth(width)
	w.SetUpdateFrequency(250 * time.Millisecond)
	w.SetTrackerLength(24)
	w.Style().Visibility.ETA, w.Style().Visibility.Speed, w.Style().Visibility.Value = true, true, true
	return w
}

// Progress moves the bar of one job.
func (b *bars) Progress(job, target string, done, total int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, ok := b.trackers[job+" "+target]
	if !ok {
		t = &progress.Tracker{Message: b.say(job) + " " + target}
		b.trackers[job+" "+target] = t
		b.writer.AppendTracker(t)
	}
	if total > 0 {
		t.UpdateTotal(total)
	}
	t.SetValue(done)
}

// stop takes the bars off the screen; every job has ended.
func (b *bars) stop() {
	if b == nil {
		return
	}
	b.mu.Lock()
	for _, t := range b.trackers {
		t.MarkAsDone()
	}
	b.mu.Unlock()
	b.writer.Stop()
	b.done.Wait()
}
