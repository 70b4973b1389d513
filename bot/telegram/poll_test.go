package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// queue is Telegram's end of getUpdates: it gives out what it holds until an offset above confirms it.
type queue struct {
	mu      sync.Mutex
	held    []held
	arrived chan struct{} // closed when something comes
	polls   []string      // "offset limit timeout" of every request
	allowed string        // of the last request
	offset  int           // of the last request
	asked   time.Time     // that was
	trouble []answer      // given first, one a request; nil for a proper answer
}

type held struct {
	id  int
	raw string
}

func newQueue(updates ...held) *queue {
	return &queue{held: updates, arrived: make(chan struct{})}
}

func text(id int, chat int64) held {
	return held{id, fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%[1]d,"date":1,"chat":{"id":%d,"type":"private"},"text":"x"}}`, id, chat)}
}

func (q *queue) push(updates ...held) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.held = append(q.held, updates...)
	close(q.arrived)
	q.arrived = make(chan struct{})
}

func (q *queue) ids() (ids []int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, h := range q.held {
		ids = append(ids, h.id)
	}
	return ids
}

// RoundTrip answers in place, for tests in a bubble that network connections cannot enter.
func (q *queue) RoundTrip(r *http.Request) (*http.Response, error) {
	if trouble := q.nextTrouble(); trouble != nil {
		return trouble(r)
	}
	w := httptest.NewRecorder()
	q.ServeHTTP(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

func (q *queue) nextTrouble() (next answer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.trouble) > 0 {
		next, q.trouble = q.trouble[0], q.trouble[1:]
	}
	return next
}

func (q *queue) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	offset, _ := strconv.Atoi(r.FormValue("offset"))
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	hold, _ := strconv.Atoi(r.FormValue("timeout"))
	q.mu.Lock()
	q.polls = append(q.polls, fmt.Sprint(offset, limit, hold))
	q.allowed = r.FormValue("allowed_updates")
	if offset == q.offset && time.Since(q.asked) < 500*time.Millisecond {
		limit = 1 // as Telegram has it
	}
	q.offset, q.asked = offset, time.Now()
	batch := q.batch(offset, limit)
	arrived := q.arrived
	q.mu.Unlock()
	if len(batch) == 0 && hold > 0 {
		select {
		case <-arrived:
		case <-time.After(time.Duration(hold) * time.Second):
		case <-r.Context().Done():
		}
		q.mu.Lock()
		batch = q.batch(offset, limit)
		q.mu.Unlock()
	}
	fmt.Fprintf(w, `{"ok":true,"result":[%s]}`, strings.Join(batch, ","))
}

// batch drops what the offset confirms. As at Telegram, an offset far beyond all ids is one from before they began anew, and says nothing.
func (q *queue) batch(offset, limit int) (batch []string) {
	if n := len(q.held); n > 0 && offset <= q.held[n-1].id+10 {
		q.held = slices.DeleteFunc(q.held, func(h held) bool { return h.id < offset })
	}
	for _, h := range q.held[:min(limit, len(q.held))] {
		batch = append(batch, h.raw)
	}
	return batch
}

// handled is a handler that notes what it is given.
type handled struct {
	mu  sync.Mutex
	ids []int
}

func (h *handled) note(u Update) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ids = append(h.ids, u.ID)
}

func (h *handled) list() []int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.ids)
}

// poll runs Poll in a bubble for a time that is not real, then stops it.
func poll(t *testing.T, q *queue, o PollOptions, run time.Duration, handle func(context.Context, Update) error) error {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), run)
	defer stop()
	return client(q).Poll(ctx, o, handle)
}

func TestPollHandlesAndConfirmsEverything(t *testing.T) {
	q := newQueue()
	var want []int
	for id := 1; id <= 950; id++ {
		q.push(text(id, int64(id%7+1)))
		want = append(want, id)
	}
	server := httptest.NewServer(q)
	defer server.Close()
	var got handled
	last := map[int64]int{}
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(5*time.Second, stop)
	err := New(Options{Token: token, URL: server.URL, Log: slog.New(slog.DiscardHandler)}).Poll(ctx, PollOptions{}, func(_ context.Context, u Update) error {
		got.mu.Lock()
		if chat := u.Message.Chat.ID; last[chat] > u.ID {
			t.Errorf("update %d of chat %d came after %d", u.ID, chat, last[chat])
		} else {
			last[chat] = u.ID
		}
		got.mu.Unlock()
		got.note(u)
		if len(got.list()) == len(want) {
			stop()
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	ids := got.list()
	slices.Sort(ids)
	if !slices.Equal(ids, want) {
		t.Errorf("handled %d updates, want each of %d once", len(ids), len(want))
	}
	if left := q.ids(); len(left) != 0 {
		t.Errorf("%d were handled and not confirmed", len(left))
	}
}

func TestPollAsksForWhatItReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		_ = poll(t, q, PollOptions{}, time.Second, nil)
		var allowed []string
		if err := json.Unmarshal([]byte(q.allowed), &allowed); err != nil || !slices.Equal(allowed, updateKinds) {
			t.Errorf("allowed_updates %s", q.allowed)
		}
		_ = poll(t, q, PollOptions{Allowed: []string{"message"}, Timeout: 7 * time.Second}, time.Second, nil)
		if q.allowed != `["message"]` || q.polls[1] != "0 100 7" {
			t.Errorf("allowed_updates %s, polls %v", q.allowed, q.polls)
		}
	})
}

// In a week of silence a poller should make one request in 50 seconds, whatever the answers are.
func TestPollIsQuietWhenNothingHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(text(5, 1))
		if err := poll(t, q, PollOptions{}, time.Hour, func(context.Context, Update) error { return nil }); err != nil {
			t.Error(err)
		}
		if n := len(q.polls); n < 72 || n > 76 {
			t.Errorf("%d requests in an hour, want one in 50 seconds", n)
		}
		if q.polls[0] != "0 100 50" || q.polls[1] != "6 100 50" {
			t.Errorf("requests began with %v", q.polls[:2])
		}
	})
}

func TestPollConfirmsOnlyWhatIsHandled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(text(10, 1), text(11, 2), text(12, 3), text(13, 1))
		var got handled
		release := make(chan struct{})
		go func() {
			err := poll(t, q, PollOptions{}, 10*time.Minute, func(_ context.Context, u Update) error {
				if u.ID == 11 {
					<-release
				}
				got.note(u)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}()

		time.Sleep(time.Minute)
		if ids := got.list(); !slices.Equal(sorted(ids), []int{10, 12, 13}) {
			t.Errorf("handled %v beside the one that takes its time", ids)
		}
		if held := q.ids(); !slices.Equal(held, []int{11, 12, 13}) {
			t.Errorf("Telegram holds %v, want all from the one that is being handled", held)
		}
		if n := len(q.polls); n < 60 || n > 130 {
			t.Errorf("%d requests in the minute that one handler takes, want about two a second", n)
		}
		q.push(text(14, 4))
		time.Sleep(longestRest)
		if ids := got.list(); !slices.Contains(ids, 14) {
			t.Errorf("a new update waits for another chat's handler: %v", ids)
		}
		close(release)
		time.Sleep(time.Second)
		if ids := got.list(); !slices.Equal(sorted(ids), []int{10, 11, 12, 13, 14}) {
			t.Errorf("handled %v", ids)
		}
		if held := q.ids(); len(held) != 0 {
			t.Errorf("Telegram still holds %v", held)
		}
	})
}

func sorted(ids []int) []int {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return ids
}

// A kill is a Poll that never confirms: what it did not finish comes again, and what it finished may.
func TestNothingIsLostWhenPollIsKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		for id := 1; id <= 300; id++ {
			q.push(text(id, int64(id%11+1)))
		}
		var got handled
		for round := 0; len(q.ids()) > 0 && round < 50; round++ {
			dead := make(chan struct{}) // after this no request reaches Telegram and no handler does anything
			ctx, kill := context.WithCancel(t.Context())
			c := client(transportFunc(func(r *http.Request) (*http.Response, error) {
				select {
				case <-dead:
					return nil, errors.New("dead")
				default:
					return q.RoundTrip(r)
				}
			}))
			time.AfterFunc(time.Duration(20+round)*time.Millisecond, func() { close(dead); kill() })
			_ = c.Poll(ctx, PollOptions{Workers: 8}, func(_ context.Context, u Update) error {
				time.Sleep(time.Duration(u.ID%5) * time.Millisecond)
				select {
				case <-dead:
					return errors.New("dead")
				default:
					got.note(u)
					return nil
				}
			})
		}
		if held := q.ids(); len(held) > 0 {
			t.Fatalf("Telegram still holds %d updates", len(held))
		}
		ids := got.list()
		unique := slices.Compact(sorted(ids))
		if len(unique) != 300 {
			t.Errorf("%d of 300 updates were handled", len(unique))
		}
		if len(ids) == len(unique) {
			t.Error("nothing was repeated: the kills hit nothing")
		}
	})
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestPollTriesAgainInPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(text(10, 1), text(11, 1), text(12, 2), text(13, 3))
		var got handled
		failures := 0
		err := poll(t, q, PollOptions{Workers: 1}, time.Hour, func(_ context.Context, u Update) error {
			if u.ID == 10 && failures < 5 {
				failures++
				return errors.New("the database is away")
			}
			got.note(u)
			return nil
		})
		ids := got.list()
		if err != nil || len(ids) != 4 || !slices.Equal(sorted(ids[:2]), []int{12, 13}) || !slices.Equal(ids[2:], []int{10, 11}) {
			t.Errorf("handled %v (%v), want the chat that fails last, in its order", ids, err)
		}
		if held := q.ids(); len(held) != 0 {
			t.Errorf("Telegram still holds %v", held)
		}
	})
}

func TestPollSurvivesPanicsAndBrokenUpdates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(
			held{0, `{"update_id":"x"}`}, // what has no id can only be passed over with what follows
			text(10, 1),
			held{11, `{"update_id":11,"message":{"text":"secret words","chat":{"id":"x"}}}`},
			held{12, `{"update_id":12,"message":null}`},
			held{13, `{"update_id":13,"message":{"text":"secret words"}}`},
			text(14, 1),
		)
		var log strings.Builder
		c := client(q)
		c.log = slog.New(slog.NewTextHandler(&log, nil))
		var got handled
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		err := c.Poll(ctx, PollOptions{}, func(_ context.Context, u Update) error {
			got.note(u)
			if u.ID == 10 {
				panic("a bug")
			}
			return nil
		})
		if ids := got.list(); err != nil || !slices.Equal(sorted(ids), []int{10, 12, 14}) {
			t.Errorf("handled %v (%v)", ids, err)
		}
		if held := q.ids(); len(held) != 0 {
			t.Errorf("Telegram still holds %v", held)
		}
		if c.Malformed() != 3 {
			t.Errorf("%d malformed, want 3", c.Malformed())
		}
		if s := log.String(); !strings.Contains(s, "update=11") || !strings.Contains(s, "a bug") || strings.Contains(s, "secret") {
			t.Errorf("log: %s", s)
		}
	})
}

func TestPollDoesNotSpinOnWhatItCannotConfirm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(held{1, `{}`})
		_ = poll(t, q, PollOptions{}, time.Minute, nil)
		if n := len(q.polls); n > 130 {
			t.Errorf("%d requests in a minute", n)
		}
	})
}

// After a week of silence ids go on from anywhere.
func TestPollFollowsIDsThatJump(t *testing.T) {
	for name, next := range map[string]int{"lower": 40, "higher": 2_000_000} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := newQueue(text(900, 1), text(901, 1))
				var got handled
				go func() {
					time.Sleep(time.Hour)
					q.push(text(next, 1), text(next+1, 2))
				}()
				err := poll(t, q, PollOptions{}, 2*time.Hour, func(_ context.Context, u Update) error {
					got.note(u)
					return nil
				})
				if ids := got.list(); err != nil || !slices.Equal(sorted(ids[2:]), []int{next, next + 1}) {
					t.Errorf("handled %v (%v)", ids, err)
				}
				if held := q.ids(); len(held) != 0 {
					t.Errorf("Telegram still holds %v", held)
				}
			})
		})
	}
}

func TestPollLetsHandlersFinish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		for chat := range 8 {
			q.push(text(10+chat, int64(chat+1)))
		}
		for chat := range 8 {
			q.push(text(20+chat, int64(chat+1)))
		}
		q.push(text(30, 30))
		start := time.Now()
		var got handled
		err := poll(t, q, PollOptions{Grace: 10 * time.Second}, time.Minute, func(ctx context.Context, u Update) error {
			if u.ID == 30 { // does not finish within the grace
				<-ctx.Done()
				return ctx.Err()
			}
			time.Sleep(63 * time.Second)
			got.note(u)
			return ctx.Err()
		})
		if ids := got.list(); err != nil || !slices.Equal(sorted(ids), []int{10, 11, 12, 13, 14, 15, 16, 17}) {
			t.Errorf("handled %v (%v), want those at work to finish and no other to start", ids, err)
		}
		if took := time.Since(start); took != 70*time.Second {
			t.Errorf("ended after %s, want the minute and the grace", took)
		}
		if held := q.ids(); !slices.Equal(held, []int{20, 21, 22, 23, 24, 25, 26, 27, 30}) {
			t.Errorf("Telegram holds %v, want what was not handled", held)
		}
		if last := q.polls[len(q.polls)-1]; last != "20 1 0" {
			t.Errorf("last request %q, want one that only confirms", last)
		}
	})
}

// Where another process fetches from now on, a request that confirms would cut that one off.
func TestPollThatIsReplacedAsksForNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(text(1, 1))
		ctx, end := context.WithCancelCause(t.Context())
		var asked int
		handle := func(context.Context, Update) error {
			q.mu.Lock()
			asked = len(q.polls)
			q.mu.Unlock()
			end(ErrReplaced)
			return nil
		}
		if err := client(q).Poll(ctx, PollOptions{}, handle); err != nil {
			t.Error(err)
		}
		if more := q.polls[asked:]; len(more) > 0 {
			t.Errorf("asked again with %q", more)
		}
	})
}

func TestPollDoesNotWaitForWhatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(text(10, 1))
		start := time.Now()
		err := poll(t, q, PollOptions{}, time.Minute, func(context.Context, Update) error { return errors.New("no database") })
		if took := time.Since(start); err != nil || took != time.Minute {
			t.Errorf("ended after %s (%v), want the minute", took, err)
		}
		if held := q.ids(); !slices.Equal(held, []int{10}) {
			t.Errorf("Telegram holds %v", held)
		}
	})
}

func TestPollStopsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		start := time.Now()
		if err := poll(t, q, PollOptions{}, 3*time.Second, nil); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 3*time.Second || len(q.polls) != 1 {
			t.Errorf("ended after %s and %d requests, want the one to be cut off", took, len(q.polls))
		}
	})
}

func TestPollGoesOnAfterTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(text(10, 1))
		q.trouble = []answer{
			refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"),
			refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"),
			body(502, "<html>"), cut, flood(5), ok(`{"not":"a list"}`), refusal(400, "Bad Request: strange"), hang,
		}
		var log strings.Builder
		c := client(q)
		c.log = slog.New(slog.NewTextHandler(&log, nil))
		var got handled
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
		defer stop()
		err := c.Poll(ctx, PollOptions{}, func(_ context.Context, u Update) error {
			got.note(u)
			return nil
		})
		if ids := got.list(); err != nil || !slices.Equal(ids, []int{10}) {
			t.Errorf("handled %v (%v)", ids, err)
		}
		if s := log.String(); !strings.Contains(s, "another copy of it runs") || !strings.Contains(s, "only one bot instance") {
			t.Errorf("log: %s", s)
		}
	})
}

// A refused fetch confirms nothing: the next one has to.
func TestPollConfirmsAgainAfterARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(text(10, 1), text(11, 2), text(12, 3))
		q.trouble = []answer{nil, refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")}
		var got handled
		err := poll(t, q, PollOptions{}, time.Minute, func(_ context.Context, u Update) error {
			if u.ID == 11 {
				time.Sleep(20 * time.Second)
			}
			got.note(u)
			return nil
		})
		if ids := got.list(); err != nil || !slices.Equal(sorted(ids), []int{10, 11, 12}) {
			t.Errorf("handled %v (%v), want each once", ids, err)
		}
	})
}

func TestPollEndsWithoutAValidToken(t *testing.T) {
	for _, code := range []int{401, 404} {
		synctest.Test(t, func(t *testing.T) {
			q := newQueue(text(10, 1))
			q.trouble = []answer{refusal(code, "Unauthorized")}
			err := poll(t, q, PollOptions{}, time.Hour, nil)
			var refused *Error
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), "token") {
				t.Errorf("%d: error %v", code, err)
			}
			if len(q.polls) != 0 {
				t.Errorf("%d: %d more requests", code, len(q.polls))
			}
		})
	}
}

// A full queue keeps all workers busy and never more.
func TestPollKeepsItsWorkersBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		for id := 1; id <= 2000; id++ {
			q.push(text(id, int64(id)))
		}
		var mu sync.Mutex
		working, most, done := 0, 0, 0
		start := time.Now()
		ctx, stop := context.WithCancel(t.Context())
		err := client(q).Poll(ctx, PollOptions{Workers: 40}, func(context.Context, Update) error {
			mu.Lock()
			working++
			most = max(most, working)
			mu.Unlock()
			time.Sleep(20 * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			working--
			if done++; done == 2000 {
				stop()
			}
			return nil
		})
		if err != nil || most != 40 {
			t.Errorf("%d handlers at once (%v), want 40", most, err)
		}
		if took := time.Since(start); took > 1100*time.Millisecond {
			t.Errorf("2000 updates took %s; 40 workers need 1 s", took)
		}
	})
}

// Telegram takes one answer in ten seconds in a flooded chat; another chat is answered at once all the same.
func TestAFloodedChatIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		for id := 1; id <= 1000; id++ {
			q.push(text(id, 1))
		}
		q.push(text(1001, 2))
		telegram := transportFunc(func(r *http.Request) (*http.Response, error) {
			switch {
			case strings.HasSuffix(r.URL.Path, "getUpdates"):
				return q.RoundTrip(r)
			case r.FormValue("chat_id") == "1":
				return flood(10)(r)
			}
			return ok(`{"message_id":1}`)(r)
		})
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
		defer stop()
		start, waited := time.Now(), time.Duration(0)
		c, refused := client(telegram), 0
		err := c.Poll(ctx, PollOptions{}, func(ctx context.Context, u Update) error {
			_, err := c.Send(ctx, Target{Chat: u.Message.Chat.ID}, Screen{Text: "x"})
			if err != nil {
				refused++
			} else if waited = time.Since(start); u.ID == 1001 {
				stop()
			}
			return nil
		})
		if err != nil || waited == 0 || waited > 15*time.Second {
			t.Errorf("the other chat is answered after %s (%v)", waited, err)
		}
		if refused < 900 {
			t.Errorf("%d answers were given up, want all but the last of the flood", refused)
		}
	})
}

// Telegram gives out a hundred updates and confirms them with the next fetch: with requests that take a twentieth of a second each, one to
// fetch and one to answer, a thousand a second is the most there can be.
func TestPollWaitsForNothingButTelegram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const latency, run = 50 * time.Millisecond, 10 * time.Second
		q := newQueue()
		for id := 1; id <= 20000; id++ {
			q.push(text(id, int64(id%200+1)))
		}
		far := client(transportFunc(func(r *http.Request) (*http.Response, error) {
			time.Sleep(latency)
			return q.RoundTrip(r)
		}))
		ctx, stop := context.WithTimeout(t.Context(), run)
		defer stop()
		var got handled
		err := far.Poll(ctx, PollOptions{}, func(_ context.Context, u Update) error {
			time.Sleep(latency + time.Duration(u.ID%3)*time.Millisecond)
			got.note(u)
			return nil
		})
		if n := len(got.list()); err != nil || n < 9000 {
			t.Errorf("%d updates handled in %s (%v), want at least 9000", n, run, err)
		}
	})
}
