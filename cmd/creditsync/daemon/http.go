package daemon

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"creditsync/jobs"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// handler serves liveness, readiness, metrics and the console.
func (d *Daemon) handler() http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), newFacts(d.House))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", d.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	if d.options.Console != nil {
		mux.Handle("/", d.options.Console(d.House))
	}
	return mux
}

// ready says whether the store answers: without it nothing is sent and nothing is known.
func (d *Daemon) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := d.store.Ping(ctx); err != nil {
		http.Error(w, "store does not answer", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

// facts are the metrics: what the status says, asked at each scrape and kept nowhere.
type facts struct {
	house                                                 *House
	records, difference, overdue, proof, up, mock, backup *prometheus.Desc
}

func newFacts(h *House) facts {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("creditsync_"+name, help, labels, nil)
	}
	return facts{
		house:      h,
		records:    desc("records", "Records of a stream by state, against the last completed read.", "stream", "state"),
		difference: desc("balance_difference", "Source rows minus the sum of all states; 0 when the books balance.", "stream"),
		overdue:    desc("overdue_records", "Unproven records whose legal deadline has passed.", "stream"),
		proof:      desc("last_proof_age_seconds", "Seconds since a record was last seen published; -1 for never."),
		up:         desc("status_level", "1 for the level that holds.", "level"),
		backup:     desc("last_backup_age_seconds", "Seconds since the last scheduled backup was complete; -1 for never."),
		mock:       desc("mock_platform", "1 when the far side is a mock: nothing counts as proof."),
	}
}

// Describe tells Prometheus which metrics there are.
func (f facts) Describe(ch chan<- *prometheus.Desc) { prometheus.DescribeByCollect(f, ch) }

// Collect asks for the status and turns it into metrics. Without a status there are none, and the scrape says so.
func (f facts) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s, err := jobs.StatusOf(ctx, f.house.Deps())
	if err != nil {
		ch <- prometheus.NewInvalidMetric(f.up, err)
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	for _, st := range s.Streams {
		for state, n := range st.States {
			gauge(f.records, float64(n), st.Stream, state)
		}
		gauge(f.difference, float64(st.Difference), st.Stream)
		gauge(f.overdue, float64(st.Overdue), st.Stream)
	}
	gauge(f.proof, float64(s.Summary.ProofAgeSeconds))
	gauge(f.up, 1, string(s.Level))
	if s.Backup != nil {
		gauge(f.backup, float64(s.Backup.AgeSeconds))
	}
	mock := 0.0
	if s.Mock {
		mock = 1
	}
	gauge(f.mock, mock)
}
