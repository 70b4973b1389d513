package store

import (
	"sync/atomic"
	"testing"
	"time"
)

// What it costs to see to it that an update is handled once, with 64 handlers at work as there are in polling: for the replica that leads, and for
// those that all are given updates.
func BenchmarkUpdate(b *testing.B) {
	s := onPostgres(b)
	held, err := s.Lease(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for name, update := range map[string]func(id int) error{
		"led": func(id int) error {
			if _, err := s.Handled(b.Context(), held, id, now); err != nil {
				return err
			}
			return s.NoteHandled(b.Context(), id, now)
		},
		"claimed": func(id int) error {
			return s.Once(b.Context(), id, now, func() error { return nil })
		},
	} {
		b.Run(name, func(b *testing.B) {
			var last atomic.Int64
			last.Store(time.Now().UnixNano())
			b.SetParallelism(32) // for each of two processors
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if err := update(int(last.Add(1))); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
		})
	}
}
