package match

import (
	"strings"
	"testing"
)

// Each line is forms of one word, which must share a stem.
func TestStemJoinsForms(t *testing.T) {
	tests := map[string]string{
		"en": `soldier soldiers
			deploy deployed deploying deployment
			strategy strategies`,
		"ru": `солдат солдаты солдатов солдатами
			миротворца миротворцев миротворцы
			стратегия стратегии стратегию
			отправить отправят`,
		"kk": `сарбаз сарбаздар сарбаздары сарбаздарын сарбаздарымыз
			ливан ливанга ливаннын ливандагы ливанда
			казакстан казакстаннын казакстанга казакстандык
			мемлекет мемлекеттер мемлекеттердин мемлекеттик
			орталык орталыгы орталыгынын
			битимгер битимгерлер битимгерлерди битимгершилик
			жибереди жибермек`,
	}
	for lang, lines := range tests {
		for line := range strings.Lines(lines) {
			forms := strings.Fields(line)
			for _, f := range forms[1:] {
				if a, b := stem(forms[0], lang), stem(f, lang); a != b {
					t.Errorf("%s: stem(%q) = %q but stem(%q) = %q", lang, forms[0], a, f, b)
				}
			}
		}
	}
}

func TestStemKeepsApart(t *testing.T) {
	for _, tt := range []struct{ lang, a, b string }{
		{"kk", "канша", "кашан"}, {"kk", "кайда", "кайсы"}, {"kk", "сарбаз", "сарай"}, {"ru", "стоит", "сто"},
	} {
		if a, b := stem(tt.a, tt.lang), stem(tt.b, tt.lang); a == b {
			t.Errorf("%q and %q both have the stem %q", tt.a, tt.b, a)
		}
	}
}

func TestStemGoesByLetters(t *testing.T) {
	for _, tt := range []struct{ word, lang, want string }{
		{"soldiers", "ru", "soldier"},
		{"soldiers", "", "soldier"},
		{"солдаты", "en", "солдат"},
		{"2018", "kk", "2018"},
		{"", "en", ""},
	} {
		if got := stem(tt.word, tt.lang); got != tt.want {
			t.Errorf("stem(%q, %q) = %q, want %q", tt.word, tt.lang, got, tt.want)
		}
	}
}
