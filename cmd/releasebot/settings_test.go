package main

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/joho/godotenv"
)

// the settings of an operator who sets them all.
func allSet() map[string]string {
	return map[string]string{
		"TELEGRAM_BOT_TOKEN": "123:very-secret",
		"TELEGRAM_API_URL":   "http://localhost:8081/",
		"ADMIN_IDS":          "1, 2",
		"DATABASE_URL":       "postgres://bot:very-secret@localhost/bot",
		"CONTENT_DIR":        "content",
		"WEBHOOK_URL":        "https://bot.example.org/telegram",
		"WEBHOOK_SECRET":     "very-secret",
		"LISTEN_ADDR":        ":8080",
		"TLS_CERT_FILE":      "cert.pem",
		"TLS_KEY_FILE":       "key.pem",
		"LOG_LEVEL":          "debug",
		"LOG_FORMAT":         "json",
	}
}

func reading(values map[string]string) (settings, error) {
	return readSettings(func(name string) string { return values[name] })
}

func TestSettingsAllSet(t *testing.T) {
	got, err := reading(allSet())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.admins, []int64{1, 2}) || got.apiURL != "http://localhost:8081" || got.logLevel.String() != "DEBUG" {
		t.Errorf("got %+v", got)
	}
}

func TestSettingsLeftOut(t *testing.T) {
	got, err := reading(map[string]string{"TELEGRAM_BOT_TOKEN": " 123:abc "})
	if err != nil {
		t.Fatal(err)
	}
	if got.token != "123:abc" || got.apiURL != "https://api.telegram.org" || got.database != "sqlite:releasebot.db" || got.logFormat != "text" {
		t.Errorf("got %+v", got)
	}
}

// A bad value is told of by the variable's name, and itself never shown where it may be a secret.
func TestSettingsBad(t *testing.T) {
	for name, bad := range map[string]string{
		"TELEGRAM_BOT_TOKEN": "bot very-secret",
		"TELEGRAM_API_URL":   "very-secret",
		"ADMIN_IDS":          "-100",
		"DATABASE_URL":       "very-secret",
		"WEBHOOK_URL":        "very-secret",
		"WEBHOOK_SECRET":     "very secret very-secret",
		"LISTEN_ADDR":        "very-secret",
		"LOG_LEVEL":          "very-secret",
		"LOG_FORMAT":         "very-secret",
	} {
		values := allSet()
		values[name] = bad
		_, err := reading(values)
		if err == nil || !strings.Contains(err.Error(), name+" is not right: ") {
			t.Errorf("%s: got %v", name, err)
			continue
		}
		if strings.Contains(err.Error(), "very-secret") {
			t.Errorf("%s: its value is shown: %v", name, err)
		}
	}
}

func TestSettingsMissing(t *testing.T) {
	for _, name := range []string{"TELEGRAM_BOT_TOKEN", "WEBHOOK_SECRET", "LISTEN_ADDR", "TLS_CERT_FILE", "TLS_KEY_FILE"} {
		values := allSet()
		delete(values, name)
		if _, err := reading(values); err == nil || !strings.Contains(err.Error(), name+" is not set: ") {
			t.Errorf("without %s: got %v", name, err)
		}
	}
}

// deploy/.env.example names every setting and no other, and says rightly what each defaults to.
func TestEnvExample(t *testing.T) {
	data, err := os.ReadFile("../../deploy/.env.example")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string][]string{}
	for _, line := range regexp.MustCompile(`(?m)^(?:# )?([A-Z_]+)=(.*)$`).FindAllStringSubmatch(string(data), -1) {
		shown[line[1]] = append(shown[line[1]], line[2])
	}
	values := map[string]string{"TELEGRAM_BOT_TOKEN": "1:a"}
	for _, setting := range allSettings {
		examples := shown[setting.name]
		if len(examples) == 0 {
			t.Errorf("%s is not in .env.example", setting.name)
			continue
		}
		if setting.fallback != "" && examples[0] != setting.fallback {
			t.Errorf("%s: .env.example shows %q, the default is %q", setting.name, examples[0], setting.fallback)
		}
		for _, example := range examples {
			if err := setting.read(new(settings), example); err != nil && example != "" {
				t.Errorf("%s=%s: %v", setting.name, example, err)
			}
		}
		delete(shown, setting.name)
	}
	for _, name := range slices.Sorted(maps.Keys(shown)) {
		t.Errorf("%s is in .env.example and is no setting", name)
	}
	// As it stands, with only the token filled in, it works.
	file, err := godotenv.Unmarshal(string(data))
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(file, values)
	if _, err := reading(file); err != nil {
		t.Error(err)
	}
}

func TestBrokenLine(t *testing.T) {
	for _, test := range []struct {
		text string
		want int
	}{
		{"A-B=1", 1},
		{"A=1\n\n# text\nB-C=2\nD=3\n", 4},
		{"A=\"1\n2\"\nB='3\n", 3},
	} {
		if got := brokenLine(test.text); got != test.want {
			t.Errorf("%q: line %d, want %d", test.text, got, test.want)
		}
	}
}
