package serve

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what a monitor reads of the service. Each handler has its own, so
// that tests and several services in one process do not mix.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec // by route and status
	seconds  *prometheus.HistogramVec
	shed     prometheus.Counter
	adopted  prometheus.Counter
}

func newMetrics(h *handler) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "touchstone_requests_total", Help: "Requests answered, by route and status."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "touchstone_request_seconds", Help: "Time from the arrival of a request to its answer, waiting included.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5}}, []string{"route"}),
		shed:    prometheus.NewCounter(prometheus.CounterOpts{Name: "touchstone_shed_total", Help: "Requests turned away with 429 because too many were waiting."}),
		adopted: prometheus.NewCounter(prometheus.CounterOpts{Name: "touchstone_rankers_adopted_total", Help: "Rankers that were put in use while the service ran."}),
	}
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	m.registry.MustRegister(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), // what the service costs its machine
		m.requests, m.seconds, m.shed, m.adopted,
		gauge("touchstone_running", "Requests that a core works on.", func() float64 { return float64(len(h.running)) }),
		gauge("touchstone_waiting", "Requests that wait for a core.", func() float64 { return float64(max(0, len(h.queue)-len(h.running))) }),
		gauge("touchstone_products", "Products that can be found.", func() float64 { return float64(h.bench.Status().Products) }))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// measured counts and times the answers of a route.
func (m *metrics) measured(route string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		kept := &status{ResponseWriter: w, code: http.StatusOK}
		next(kept, r)
		m.seconds.WithLabelValues(route).Observe(time.Since(start).Seconds())
		m.requests.WithLabelValues(route, strconv.Itoa(kept.code)).Inc()
	}
}

// status remembers the code of an answer.
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}
