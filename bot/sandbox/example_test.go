package sandbox_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"releasebot/bot/sandbox"
)

func Example() {
	telegram := sandbox.New(sandbox.Options{})
	bot := http.Client{Transport: telegram.Transport()} // or httptest.NewServer(telegram)

	aida := telegram.Person("Aida", "ru")
	chat := aida.Start("")
	_, err := bot.PostForm("https://api.telegram.org/bot"+telegram.Token()+"/sendMessage", url.Values{
		"chat_id": {itoa(chat.ID)}, "text": {"Welcome, <b>Aida</b>"}, "parse_mode": {"HTML"},
		"reply_markup": {`{"inline_keyboard":[[{"text":"Topics","callback_data":"t"}]]}`},
	})
	if err != nil {
		fmt.Println(err)
	}
	m, err := chat.Next(context.Background())
	fmt.Println(m.Text, err)
	press, err := aida.Press(m, "Topics")
	fmt.Println(press.Button.Data, err)
	fmt.Println(telegram.Pending(), "updates wait,", len(telegram.Violations()), "violations")
	// Output:
	// Welcome, Aida <nil>
	// t <nil>
	// 2 updates wait, 0 violations
}
