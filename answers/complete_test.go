package answers

import "testing"

func TestComplete(t *testing.T) {
	l := load(t, before)
	for _, c := range []struct{ typed, lang, want, text string }{
		{"when do", "en", "opening", "When does the harbour open?"},
		{"WHEN DOES THE HARBOUR OPEN?", "en", "opening", "When does the harbour open?"},
		{"vis light", "en", "lighthouse", "visiting the lighthouse"},
		{"маяк", "ru", "lighthouse", "Открыт ли маяк?"},
		{"number of berhts", "ru", "places", "Сколько лодок вмещает гавань?"},
		{"what did the harbour master say when the boats came home", "en", "glad", "What did the harbour master say?"},
	} {
		found := l.Complete(c.typed, c.lang, 3)
		if len(found) == 0 || found[0].Pair.ID != c.want || found[0].Text != c.text {
			t.Errorf("%q: %+v", c.typed, found)
		}
	}
	for _, typed := range []string{"", "zzzzzzzz", "фывапролд"} {
		if found := l.Complete(typed, "en", 3); len(found) > 0 {
			t.Errorf("for %q: %+v", typed, found)
		}
	}
}

func TestCompleteGivesEachPairOnce(t *testing.T) {
	l := load(t, before)
	found := l.Complete("harb", "en", 10)
	seen := map[*Pair]bool{}
	for _, c := range found {
		if seen[c.Pair] {
			t.Errorf("%s twice in %+v", c.Pair.ID, found)
		}
		seen[c.Pair] = true
	}
	if len(l.Complete("harb", "en", 2)) != 2 || len(found) < 2 {
		t.Errorf("found %+v", found)
	}
}

func TestClosest(t *testing.T) {
	commands := []string{"start", "help", "topics", "quotes", "sources", "release", "releases", "verify", "subscribe", "language", "privacy", "forget"}
	for _, c := range []struct{ typed, want string }{
		{"subscribe", "subscribe"},
		{"SUBSCRIBE", "subscribe"},
		{"subscibe", "subscribe"},
		{"sucbscribe", "subscribe"},
		{"sub", "subscribe"},
		{"lang", "language"},
		{"tpoics", "topics"},
		{"verfy", "verify"},
		{"relase", "release"},
		{"hepl", "help"},
		{"", ""},
		{"s", ""},
		{"weather", ""},
		{"сайт", ""},
	} {
		got, ok := Closest(c.typed, commands)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%q: %q, want %q", c.typed, got, c.want)
		}
	}
}
