package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"
)

// token is the bot's at the Telegram below.
const token = "7000000001:bench"

// telegram is the least of Telegram that a bot can be measured against: people who are quiet, or write without end, and a wire that answers every
// request after the same latency. It costs a few microseconds a request, so that what is measured on a machine they share is the bot.
type telegram struct {
	URL      string
	listener net.Listener
	latency  time.Duration
	people   people
	speaking chan struct{}  // closed once they write
	polled   chan time.Time // holds when the first getUpdates came
	oldest   atomic.Int64   // the first update that is not confirmed
	sent     atomic.Int64   // messages of the bot's
}

// people write an update for each id; this is what follows the id in its JSON.
type people func(id int) []byte

// openTelegram listens on loopback. Its people are quiet until speak.
func openTelegram(latency time.Duration, p people) (*telegram, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t := &telegram{
		URL: "http://" + listener.Addr().String(), listener: listener, latency: latency, people: p,
		speaking: make(chan struct{}), polled: make(chan time.Time, 1),
	}
	t.oldest.Store(1)
	go t.accept()
	return t, nil
}

// speak has people write from now on.
func (t *telegram) speak() { close(t.speaking) }

func (t *telegram) Close() error { return t.listener.Close() }

func (t *telegram) accept() {
	for {
		conn, err := t.listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			t.serve(conn)
		}()
	}
}

// serve answers the requests of a connection until the bot closes it.
func (t *telegram) serve(conn net.Conn) {
	in, out := bufio.NewReaderSize(conn, 16<<10), bufio.NewWriterSize(conn, 64<<10)
	for {
		method, body, err := readRequest(in)
		if err != nil {
			return
		}
		if t.latency > 0 {
			time.Sleep(t.latency)
		}
		answer := t.answer(method, body)
		fmt.Fprintf(out, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(answer))
		out.Write(answer)
		if out.Flush() != nil {
			return
		}
	}
}

// readRequest reads as much of HTTP as the bots under measurement write: bodies with a length.
func readRequest(in *bufio.Reader) (method string, body []byte, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return "", nil, err
	}
	path := bytes.Fields(line)[1]
	method = string(path[bytes.LastIndexByte(path, '/')+1:])
	length := 0
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return "", nil, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
		if name, value, _ := bytes.Cut(line, []byte(":")); bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return "", nil, err
			}
		}
	}
	body = make([]byte, length)
	_, err = io.ReadFull(in, body)
	return method, body, err
}

func (t *telegram) answer(method string, body []byte) []byte {
	switch method {
	case "getUpdates":
		return t.updates(body)
	case "sendMessage":
		return fmt.Appendf(nil, `{"ok":true,"result":{"message_id":%d,"date":1536710400,"chat":{"id":1,"type":"private"}}}`, 1<<20+t.sent.Add(1))
	case "getMe":
		return []byte(`{"ok":true,"result":{"id":7000000001,"is_bot":true,"first_name":"Bench","username":"bench_bot"}}`)
	case "getWebhookInfo":
		return []byte(`{"ok":true,"result":{"url":"","pending_update_count":0}}`)
	}
	return []byte(`{"ok":true,"result":true}`)
}

// updates confirms those before the offset, and gives out a hundred at most from there on, once there are any.
func (t *telegram) updates(body []byte) []byte {
	select {
	case t.polled <- time.Now():
	default:
	}
	form, _ := url.ParseQuery(string(body))
	offset, _ := strconv.Atoi(form.Get("offset"))
	limit, err := strconv.Atoi(form.Get("limit"))
	if err != nil {
		limit = 100
	}
	hold, _ := strconv.Atoi(form.Get("timeout"))
	t.oldest.Store(max(t.oldest.Load(), int64(offset)))
	select {
	case <-t.speaking:
		first := int(t.oldest.Load())
		return batch(first, first+limit, t.people)
	case <-time.After(time.Duration(hold) * time.Second):
		return batch(0, 0, t.people)
	}
}

// batch is an answer with the updates from first to before end.
func batch(first, end int, p people) []byte {
	answer := []byte(`{"ok":true,"result":[`)
	for id := first; id < end; id++ {
		if id > first {
			answer = append(answer, ',')
		}
		answer = strconv.AppendInt(append(answer, `{"update_id":`...), int64(id), 10)
		answer = append(answer, p(id)...)
	}
	return append(answer, `]}`...)
}
