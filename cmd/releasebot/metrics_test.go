package main

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"releasebot/bot/telegram"

	"github.com/prometheus/client_golang/prometheus"
)

// A dashboard or an alert about a metric that there is not would stay silent for ever.
func TestDeployAsksForMetricsThatThereAre(t *testing.T) {
	m := newMetrics()
	m.watch(telegram.New(telegram.Options{}))
	described := make(chan *prometheus.Desc)
	go func() {
		m.registry.Describe(described)
		close(described)
	}()
	var all strings.Builder
	for d := range described {
		all.WriteString(d.String() + "\n")
	}
	asked := regexp.MustCompile(`\b(?:releasebot|process|go)_[a-z_]+`)
	for _, file := range []string{"dashboard.json", "alerts.yaml"} {
		text, err := os.ReadFile("../../deploy/" + file)
		if err != nil {
			t.Fatal(err)
		}
		names := asked.FindAllString(string(text), -1)
		if len(names) == 0 {
			t.Errorf("%s asks for nothing", file)
		}
		for _, name := range names {
			if !strings.Contains(all.String(), `fqName: "`+strings.TrimSuffix(name, "_bucket")+`"`) {
				t.Errorf("%s asks for %s, which there is not", file, name)
			}
		}
	}
}

func TestMetricsOfHandledUpdates(t *testing.T) {
	m := newMetrics()
	failure := errors.New("the database is away")
	handle := m.handled(func(_ context.Context, u telegram.Update) error {
		if u.ID == 2 {
			return failure
		}
		return nil
	})
	for id := range 3 {
		if err := handle(t.Context(), telegram.Update{ID: id, Inline: &telegram.InlineQuery{}}); (err != nil) != (id == 2) {
			t.Errorf("update %d: %v", id, err)
		}
	}
	w := httptest.NewRecorder()
	m.page().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{
		`releasebot_updates_total{kind="inline_query"} 2`, "releasebot_update_failures_total 1", "releasebot_update_seconds_count 2",
		"releasebot_updates_in_progress 0",
	} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
