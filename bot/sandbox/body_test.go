package sandbox_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"releasebot/bot/sandbox"
)

// post sends a body of any kind to sendMessage.
func (w *world) post(contentType, body string) answer {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, "https://api.telegram.org/bot"+w.Token()+"/sendMessage", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	a, err := w.send(r)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

func TestBodiesOfAllKinds(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	for name, value := range map[string]string{"chat_id": itoa(w.chat.ID), "text": "multipart"} {
		if err := parts.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	asJSON := `{"chat_id":%d,"text":"json","disable_notification":true,"reply_parameters":%s}`
	for contentType, body := range map[string]string{
		"application/json":                  fmt.Sprintf(asJSON, w.chat.ID, `{"message_id":1}`),
		"application/json; charset=utf-8":   fmt.Sprintf(asJSON, w.chat.ID, `"{\"message_id\":1}"`),
		"application/x-www-form-urlencoded": "text=form&chat_id=" + itoa(w.chat.ID),
		parts.FormDataContentType():         form.String(),
	} {
		if got := w.post(contentType, body); !got.OK {
			t.Errorf("%s: %d %s", contentType, got.Code, got.Description)
		}
	}
	r, err := http.NewRequest(http.MethodGet, "https://api.telegram.org/bot"+w.Token()+"/sendMessage?text=get&chat_id="+itoa(w.chat.ID), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := w.send(r); err != nil || !got.OK {
		t.Errorf("GET: %d %s %v", got.Code, got.Description, err)
	}
	if got := len(w.chat.FromBot()); got != 5 {
		t.Errorf("%d messages arrived, want 5", got)
	}
	w.noViolations()
}

// TestWhatTelegramWouldSwallowIsRefused sends what Telegram accepts in silence and a bot never means.
func TestWhatTelegramWouldSwallowIsRefused(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	for _, c := range []struct{ name, fields, want string }{
		{"unknown parameter", `"disable_web_page_preview":true`, `unknown parameter "disable_web_page_preview"`},
		{"number for a text", `"parse_mode":5`, "parse_mode must be of type String"},
		{"text for a number", `"message_thread_id":"5"`, "message_thread_id must be of type Integer, not a string"},
		{"fraction", `"message_thread_id":1.5`, "message_thread_id must be of type Integer"},
		{"number out of range", `"message_thread_id":2147483648`, "message_thread_id is 2147483648, out of the range 1 to 2147483647"},
		{"number for a truth", `"disable_notification":1`, "disable_notification must be of type Boolean"},
		{"null", `"reply_markup":null`, "reply_markup must be one of"},
		{"no markup", `"reply_markup":{}`, "reply_markup must be one of"},
		{"keyboard of null", `"reply_markup":{"inline_keyboard":null}`, "reply_markup.inline_keyboard must be of type Array"},
		{"row of null", `"reply_markup":{"inline_keyboard":[null]}`, "reply_markup.inline_keyboard[0] must be of type Array"},
		{"empty row", `"reply_markup":{"inline_keyboard":[[]]}`, "a row of the keyboard is empty"},
		{"unknown field of a button", `"reply_markup":{"inline_keyboard":[[{"text":"a","date":"b"}]]}`, `reply_markup.inline_keyboard[0][0] has an unknown field "date"`},
		{"field given twice", `"reply_markup":{"inline_keyboard":[[{"text":"a","text":"b"}]]}`, `field "text" is given twice`},
		{"no text of a button", `"reply_markup":{"inline_keyboard":[[{"url":"https://a.b"}]]}`, `reply_markup.inline_keyboard[0][0] has no field "text"`},
		{"two actions", `"reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"a","url":"https://a.b"}]]}`, `the button "a" does more than one thing`},
		{"deep link", `"reply_markup":{"inline_keyboard":[[{"text":"a","url":"https://t.me/x_bot?start=a.b"}]]}`, `"a.b" is no deep-link payload`},
		{"old names", `"link_preview_options":{"disable_web_page_preview":true}`, `link_preview_options has an unknown field "disable_web_page_preview"`},
		{"no message to reply to", `"reply_parameters":{}`, `reply_parameters has no field "message_id"`},
		{"message 0", `"reply_parameters":{"message_id":0}`, "reply_parameters.message_id is 0, out of the range"},
		{"thread without topics", `"message_thread_id":5`, "message_thread_id in a chat without topics"},
		{"entity outside", `"entities":[{"type":"bold","offset":0,"length":9}]`, "entities[0] does not lie in the text"},
		{"two kinds of markup", `"parse_mode":"HTML","entities":[]`, "entities and parse_mode exclude each other"},
		{"receiver", `"ephemeral_message_parameters":{"receiver_user_id":-1}`, "ephemeral_message_parameters.receiver_user_id is -1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			before := len(w.Violations())
			got := w.post("application/json", fmt.Sprintf(`{"chat_id":%d,"text":"x",%s}`, w.chat.ID, c.fields))
			if got.Code != 400 || !strings.Contains(got.Description, c.want) {
				t.Errorf("gives %d %q,\nwant 400 %q", got.Code, got.Description, c.want)
			}
			if len(w.Violations()) != before+1 {
				t.Error("is not recorded")
			}
		})
	}
}

func TestMalformedBodies(t *testing.T) {
	w := newWorld(t, sandbox.Options{})
	for name, got := range map[string]answer{
		"JSON":           w.post("application/json", `{"chat_id":`),
		"two JSON":       w.post("application/json", `{}{}`),
		"a list":         w.post("application/json", `[]`),
		"form":           w.post("application/x-www-form-urlencoded", "a=%zz"),
		"twice":          w.post("application/x-www-form-urlencoded", "text=a&text=b"),
		"multipart":      w.post("multipart/form-data", "x"),
		"unknown kind":   w.post("text/csv", "x"),
		"malformed kind": w.post("text/;", "x"),
		"a file": w.post("multipart/form-data; boundary=B", "--B\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n"+
			"Content-Type: image/png\r\n\r\nx\r\n--B--\r\n"),
	} {
		if got.Code != 400 {
			t.Errorf("%s: %d %q", name, got.Code, got.Description)
		}
	}
	for _, contentType := range []string{"application/json", "application/x-www-form-urlencoded"} {
		if got := w.post(contentType, strings.Repeat("a", 2<<20)); got.Code != 413 {
			t.Errorf("2 MiB of %s: %d %q", contentType, got.Code, got.Description)
		}
	}
	if n := len(w.Violations()); n != 11 {
		t.Errorf("%d violations are recorded, want 11", n)
	}
}
