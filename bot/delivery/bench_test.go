package delivery

import (
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// loopback puts a network between the world's client and its server.
func (w *world) loopback() {
	server := httptest.NewServer(w.Server)
	w.t.Cleanup(server.Close)
	w.client = telegram.New(telegram.Options{
		Token: w.Token(), URL: server.URL, Observe: w.observe, Log: slog.New(slog.DiscardHandler),
	})
	w.options.Client = w.client
}

// BenchmarkSend sends a bulletin to b.N people, against a sandbox without limits.
func BenchmarkSend(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkSend(b, "sqlite:"+filepath.Join(b.TempDir(), "bot.db")) })
	b.Run("postgres", func(b *testing.B) { benchmarkSend(b, postgres(b)) })
}

func benchmarkSend(b *testing.B, address string) {
	w := newWorld(b, address, Pace{}, sandbox.Options{})
	w.loopback()
	for range b.N {
		w.reader()
	}
	bulletin := w.now()
	b.ResetTimer()
	w.deliver(bulletin)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkPace sends a bulletin to b.N people, against a sandbox with Telegram's limits and at the pace that is meant for them.
func BenchmarkPace(b *testing.B) {
	w := newWorld(b, "sqlite:"+filepath.Join(b.TempDir(), "bot.db"), Telegram, sandbox.Options{Budgets: true})
	w.loopback()
	for range b.N {
		w.reader()
	}
	bulletin := w.now()
	w.look = 50 * time.Millisecond
	b.ResetTimer()
	w.deliver(bulletin)
	rate, budget := float64(b.N)/b.Elapsed().Seconds(), float64(time.Second/Telegram.Overall)
	b.ReportMetric(rate, "messages/s")
	b.ReportMetric(100*rate/budget, "%-of-the-budget")
	b.ReportMetric(float64(w.codes[http.StatusTooManyRequests]), "refused-as-too-many")
}

// BenchmarkAnswer sends an answer and records it every few milliseconds, alone and while a bulletin is sent at Telegram's pace.
func BenchmarkAnswer(b *testing.B) {
	b.Run("alone", func(b *testing.B) { benchmarkAnswer(b, 0) })
	b.Run("during", func(b *testing.B) { benchmarkAnswer(b, 3000) })
}

func benchmarkAnswer(b *testing.B, readers int) {
	// A bulletin yields to answers, so the limiter is not told of them here: they meet it at its full speed.
	w := newWorld(b, "sqlite:"+filepath.Join(b.TempDir(), "bot.db"), Telegram, sandbox.Options{})
	w.loopback()
	answers := telegram.New(telegram.Options{Token: w.Token(), URL: "http://telegram", HTTP: w.Transport()})
	for range readers {
		w.reader()
	}
	bulletin := w.now()
	chat := w.Person("Asker", "en").Start("").ID
	var took []time.Duration
	b.ResetTimer()
	w.run(func() bool {
		start := time.Now()
		id, err := answers.Send(b.Context(), telegram.Target{Chat: chat}, telegram.Screen{Text: "the answer"})
		do(b, err)
		do(b, w.store.Record(b.Context(), store.Sent{Chat: chat, Message: id, Pair: "a", At: start}))
		took = append(took, time.Since(start))
		return len(took) == b.N
	})
	if readers > 0 && w.bulletin(bulletin.ID).State == store.Done {
		b.Errorf("the bulletin was over before the answers")
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "median-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkAMillionSubscribers starts a bulletin to a million chats and sends it to b.N of them.
func BenchmarkAMillionSubscribers(b *testing.B) {
	path := filepath.Join(b.TempDir(), "bot.db")
	w := newWorld(b, "sqlite:"+path, Pace{}, sandbox.Options{})
	w.options.Client = telegram.New(telegram.Options{Token: "1:a", URL: "http://telegram", HTTP: accepting{}, Observe: w.limiter.Observe})
	million(b, path)
	bulletin := w.now()
	size, err := os.Stat(path)
	do(b, err)
	forgetPeak(b)

	start := time.Now()
	do(b, w.store.Start(b.Context(), bulletin.ID, start))
	started := time.Since(start)
	audience, err := w.store.Audience(b.Context(), bulletin)
	if err != nil || audience != 1_000_000 {
		b.Fatal(audience, err)
	}
	counted := time.Since(start) - started
	b.ResetTimer()
	w.run(func() bool { return w.bulletin(bulletin.ID).Sent >= b.N })
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(float64(started.Microseconds())/1000, "start-ms")
	b.ReportMetric(float64(counted.Milliseconds()), "count-ms")
	b.ReportMetric(float64(size.Size())/1e6, "file-MB")
	b.ReportMetric(peak(b), "peak-MB")
}

func million(b *testing.B, path string) {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	do(b, err)
	defer db.Close()
	for _, statement := range []string{
		`insert into subscriptions (seq, chat, lang, topics, releases, answers, corrections)
		 with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000000)
		 select i, 5000000000 + i * 7919 % 4000000000, 'kk', case when i % 3 = 0 then ' deployment x ' else '' end, true, true, true from n`,
		`update numbers set last = 1000000`,
		`pragma wal_checkpoint(truncate)`,
	} {
		_, err := db.Exec(statement)
		do(b, err)
	}
}

// accepting is a Telegram that accepts everything, in this process.
type accepting struct{}

func (accepting) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(`{"ok":true,"result":{"message_id":1}}`))}, nil
}

// forgetPeak makes Linux count the peak of this process's memory anew; elsewhere nothing is measured.
func forgetPeak(b *testing.B) {
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		b.Log("the peak is that since the process began: ", err)
	}
}

// peak is the process's largest resident memory in MB.
func peak(b *testing.B) (mb float64) {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			fmt.Sscan(kb, &mb)
		}
	}
	return mb / 1000
}
