package match

import (
	"slices"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	tests := []struct{ text, want string }{
		{"How many soldiers?", "how many soldiers"},
		{"Что такое ВСООНЛ — расскажите про неё!", "что такое всоонл расскажите про нее"},
		{"Қазақстан қанша сарбаз жібереді", "казакстан канша сарбаз жибереди"},
		{"БҰҰ-ның 42-ден астам елі", "буу 42 астам ели"},
		{"Жан-Пьер Лакруа", "жан пьер лакруа"},
		{"what's it, don’t ask", "whats it dont ask"},
		{"more than 10,000 or 10 000 or 10.000", "more than 10000 or 10000 or 10000"},
		{"12,5 and 1,2345", "12 5 and 1 2345"},
		{"Côte d'Ivoire, ＦＵＬＬ ｗｉｄｔｈ", "cote divoire full width"},
		{"Qazaqstan ğ ş ı", "qazaqstan g s i"},
		{"!?… 🙂", ""},
		{"\xff\xfe broken", "broken"},
		{"", ""},
	}
	for _, tt := range tests {
		if got := strings.Join(fold(tt.text), " "); got != tt.want {
			t.Errorf("fold(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Folding what is folded changes nothing, so that words of the index can be looked up again.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"How many?", "БҰҰ-ның", "10,000 10 000", "ŉ ǰ ß İ ё", "e\u0301 ʼn", "\xf0ٶ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, w := range fold(text) {
			if w == "" || strings.ContainsAny(w, " \t\n") {
				t.Fatalf("fold(%q) has the word %q", text, w)
			}
			if again := fold(w); !slices.Equal(again, []string{w}) {
				t.Fatalf("fold(%q) = %q", w, again)
			}
		}
	})
}
