package bot

import (
	"testing"

	"releasebot/answers"
)

func TestSourceName(t *testing.T) {
	own := answers.Source{ID: "own", Title: "The plan", Publisher: "City"}
	other := answers.Source{ID: "other", Title: "The account", Publisher: "City"}
	nobodys := answers.Source{ID: "nobodys", Title: "The map"}
	for _, test := range []struct {
		source answers.Source
		all    []answers.Source
		want   string
	}{
		{own, []answers.Source{own, nobodys}, "City"},
		{own, []answers.Source{own, other}, "The plan"},
		{nobodys, []answers.Source{own, nobodys}, "The map"}, // Telegram refuses a button that says nothing
	} {
		if got := sourceName(test.source, test.all); got != test.want {
			t.Errorf("%s among %d: %q, want %q", test.source.ID, len(test.all), got, test.want)
		}
	}
}
