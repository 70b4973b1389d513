package main

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"releasebot/answers"
	"releasebot/bot/telegram"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what can be seen of the bot from outside. No label holds anything that people write or are called: each has a handful of values.
type metrics struct {
	registry   *prometheus.Registry
	updates    *prometheus.CounterVec
	failures   prometheus.Counter
	handling   prometheus.Histogram
	inFlight   prometheus.Gauge
	replies    *prometheus.CounterVec
	confidence prometheus.Histogram
	requests   *prometheus.CounterVec
	content    *prometheus.GaugeVec
	waiting    prometheus.Gauge
	backlog    prometheus.Gauge
	trouble    *prometheus.GaugeVec
	leading    prometheus.Gauge
	epoch      prometheus.Gauge
}

func newMetrics() *metrics {
	m := &metrics{
		registry:   prometheus.NewRegistry(),
		updates:    counters("updates_total", "Updates handled, by kind.", "kind"),
		failures:   prometheus.NewCounter(prometheus.CounterOpts(named("update_failures_total", "Times an update could not be handled and was put back."))),
		inFlight:   prometheus.NewGauge(prometheus.GaugeOpts(named("updates_in_progress", "Updates being handled."))),
		waiting:    prometheus.NewGauge(prometheus.GaugeOpts(named("updates_waiting", "Updates that wait at Telegram, as of the last look."))),
		backlog:    prometheus.NewGauge(prometheus.GaugeOpts(named("messages_owed", "Messages of bulletins that wait to be sent, as of the last look."))),
		replies:    counters("replies_total", "Replies to questions, by kind and language.", "kind", "lang"),
		requests:   counters("requests_total", "Requests to Telegram, by method and code; 0 is no answer.", "method", "code"),
		content:    gauges("content_info", "The content in use.", "version"),
		trouble:    gauges("trouble", "1 while there is trouble of a kind that administrators are told of.", "kind"),
		leading:    prometheus.NewGauge(prometheus.GaugeOpts(named("leading", "1 where this replica does what one alone may do."))),
		epoch:      prometheus.NewGauge(prometheus.GaugeOpts(named("lease_epoch", "Grows by one each time a replica begins to lead, as of this one's last look."))),
		handling:   histogram("update_seconds", "Time it takes to handle an update.", prometheus.ExponentialBuckets(0.001, 4, 8)),
		confidence: histogram("reply_confidence", "How sure replies are.", prometheus.LinearBuckets(0.1, 0.1, 10)),
	}
	m.registry.MustRegister(
		m.updates, m.failures, m.inFlight, m.waiting, m.backlog, m.replies, m.requests, m.content, m.trouble, m.leading, m.epoch, m.handling, m.confidence,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

func named(name, help string) prometheus.Opts {
	return prometheus.Opts{Namespace: "releasebot", Name: name, Help: help}
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts(named(name, help)), labels)
}

func gauges(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts(named(name, help)), labels)
}

func histogram(name, help string, buckets []float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: "releasebot", Name: name, Help: help, Buckets: buckets})
}

// watch adds what is read from the client when somebody looks.
func (m *metrics) watch(client *telegram.Client) {
	m.registry.MustRegister(prometheus.NewCounterFunc(
		prometheus.CounterOpts(named("updates_malformed_total", "Updates that could not be read and were skipped.")),
		func() float64 { return float64(client.Malformed()) },
	))
}

// page shows everything in Prometheus' text format.
func (m *metrics) page() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// handled measures a handler of updates.
func (m *metrics) handled(handle handler) handler {
	return func(ctx context.Context, u telegram.Update) error {
		m.inFlight.Inc()
		defer m.inFlight.Dec()
		start := time.Now()
		if err := handle(ctx, u); err != nil {
			m.failures.Inc()
			return err
		}
		m.updates.WithLabelValues(u.Kind()).Inc()
		m.handling.Observe(time.Since(start).Seconds())
		return nil
	}
}

func (m *metrics) reply(kind answers.Kind, lang string, confidence float64) {
	m.replies.WithLabelValues(string(kind), lang).Inc()
	m.confidence.Observe(confidence)
}

func (m *metrics) request(r telegram.Request) {
	m.requests.WithLabelValues(r.Method, strconv.Itoa(r.Code)).Inc()
}

func (m *metrics) use(library *answers.Library) {
	m.content.Reset()
	m.content.WithLabelValues(library.Version()).Set(1)
}

func (m *metrics) troubled(kind string, is bool) { m.trouble.WithLabelValues(kind).Set(oneIf(is)) }

func oneIf(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
