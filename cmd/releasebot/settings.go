package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"releasebot/bot/store"
	"releasebot/bot/telegram"

	"github.com/joho/godotenv"
)

// settings are what an operator chooses. Each comes from the environment or from the file .env; deploy/.env.example explains them.
type settings struct {
	token         string
	apiURL        string
	admins        []int64
	zone          *time.Location
	database      string
	content       string // a folder; "" for the content built in
	webhookURL    string // "" to poll
	webhookSecret string
	listen        string // "" to serve nothing
	certFile      string // "" to serve without TLS
	keyFile       string
	logLevel      slog.Level
	logFormat     string
}

const (
	tokenName = "TELEGRAM_BOT_TOKEN"
	tokenHint = "@BotFather gives it: digits, a colon, then letters and digits"
)

// setting is one variable. read takes over a value that is not empty; its error says what would be right, never what the value is: it may be a
// secret.
type setting struct {
	name     string
	fallback string
	read     func(s *settings, value string) error
}

var allSettings = []setting{
	{tokenName, "", func(s *settings, value string) error {
		s.token = value
		return matches(value, botToken, tokenHint)
	}},
	{"TELEGRAM_API_URL", "https://api.telegram.org", func(s *settings, value string) error {
		s.apiURL = strings.TrimRight(value, "/")
		return isURL(value, "http", "https")
	}},
	{"ADMIN_IDS", "", func(s *settings, value string) (err error) {
		s.admins, err = ids(value)
		return err
	}},
	{"TIME_ZONE", "Asia/Almaty", func(s *settings, value string) (err error) {
		if s.zone, err = time.LoadLocation(value); err != nil {
			return errors.New("want a name of the time zone database, such as Europe/London")
		}
		return nil
	}},
	{"DATABASE_URL", "sqlite:releasebot.db", func(s *settings, value string) error {
		s.database = value
		return matches(value, databaseURL, "want sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME")
	}},
	{"CONTENT_DIR", "", func(s *settings, value string) error {
		s.content = value
		return nil
	}},
	{"WEBHOOK_URL", "", func(s *settings, value string) error {
		s.webhookURL = value
		return matches(value, webhookURL, "want an address such as https://bot.example.org/telegram, its path of letters, digits, _, - and /")
	}},
	{"WEBHOOK_SECRET", "", func(s *settings, value string) error {
		s.webhookSecret = value
		return matches(value, webhookSecret, "want 1 to 256 of A-Z, a-z, 0-9, _ and -")
	}},
	{"LISTEN_ADDR", "", func(s *settings, value string) error {
		s.listen = value
		if _, port, err := net.SplitHostPort(value); err != nil || port == "" {
			return errors.New("want HOST:PORT or :PORT, such as :8080")
		}
		return nil
	}},
	{"TLS_CERT_FILE", "", func(s *settings, value string) error {
		s.certFile = value
		return nil
	}},
	{"TLS_KEY_FILE", "", func(s *settings, value string) error {
		s.keyFile = value
		return nil
	}},
	{"LOG_LEVEL", "info", func(s *settings, value string) error {
		if !slices.Contains([]string{"debug", "info", "warn", "error"}, strings.ToLower(value)) {
			return errors.New("want debug, info, warn or error")
		}
		return s.logLevel.UnmarshalText([]byte(value))
	}},
	{"LOG_FORMAT", "text", func(s *settings, value string) error {
		s.logFormat = value
		if value != "text" && value != "json" {
			return errors.New("want text or json")
		}
		return nil
	}},
}

var (
	botToken      = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)
	databaseURL   = regexp.MustCompile(`^(sqlite:|postgres(ql)?://).`)
	webhookURL    = regexp.MustCompile(`^https://[^/?#{} ]+(/[A-Za-z0-9_-]+)*/?$`) // the path becomes a pattern of http.ServeMux
	webhookSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)                   // as Telegram allows
)

// readSettings reads every setting, and tells of all that are wrong at once.
func readSettings(env func(name string) string) (settings, error) {
	var (
		s     settings
		wrong []string
	)
	for _, setting := range allSettings {
		value := cmp.Or(strings.TrimSpace(env(setting.name)), setting.fallback)
		if value == "" {
			continue
		}
		if err := setting.read(&s, value); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s is not right: %v", setting.name, err))
		}
	}
	wrong = append(wrong, s.missing()...)
	if len(wrong) > 0 {
		return settings{}, &failure{
			message: "settings:\n  " + strings.Join(wrong, "\n  "),
			hint:    "set them in the environment or in the file .env; deploy/.env.example explains each",
			code:    exitUsage,
		}
	}
	return s, nil
}

// missing tells of the settings that must be there and are not.
func (s settings) missing() []string {
	var missing []string
	if s.token == "" {
		missing = append(missing, tokenName+" is not set: "+tokenHint)
	}
	if s.webhookURL != "" && s.webhookSecret == "" {
		missing = append(missing, "WEBHOOK_SECRET is not set: WEBHOOK_URL needs it, so that only Telegram can send updates")
	}
	if s.webhookURL != "" && s.listen == "" {
		missing = append(missing, "LISTEN_ADDR is not set: WEBHOOK_URL needs it, such as :8080")
	}
	if s.certFile == "" && s.keyFile != "" {
		missing = append(missing, "TLS_CERT_FILE is not set: TLS_KEY_FILE needs the certificate that the key belongs to")
	}
	if s.certFile != "" && s.keyFile == "" {
		missing = append(missing, "TLS_KEY_FILE is not set: TLS_CERT_FILE needs its key")
	}
	if s.certFile != "" && s.listen == "" {
		missing = append(missing, "LISTEN_ADDR is not set: TLS_CERT_FILE needs it, such as :8443")
	}
	return missing
}

// databaseFile is the file of an SQLite database; PostgreSQL has none.
func (s settings) databaseFile() (path string, isFile bool) {
	return store.SQLiteFile(s.database)
}

// certificate is the bot's own, nil if it has none.
func (s settings) certificate(log *slog.Logger) (*certificate, error) {
	if s.certFile == "" {
		return nil, nil
	}
	return loadCertificate(s.certFile, s.keyFile, log)
}

func (s settings) logger(out io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: s.logLevel}
	if s.logFormat == "json" {
		return slog.New(telegram.Trace(slog.NewJSONHandler(out, options)))
	}
	return slog.New(telegram.Trace(slog.NewTextHandler(out, options)))
}

// environment is the environment, and for what is not set there the file .env where the command runs.
func environment() (func(name string) string, error) {
	data, err := os.ReadFile(".env")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	file, err := godotenv.UnmarshalBytes(data)
	if err != nil { // it quotes the file, secrets and all
		return nil, &failure{message: fmt.Sprintf(".env:%d: not a line NAME=value", brokenLine(string(data))), hint: "deploy/.env.example shows how to write it"}
	}
	return func(name string) string { return cmp.Or(os.Getenv(name), file[name]) }, nil
}

// brokenLine is the line of an .env file from which on it cannot be read.
func brokenLine(text string) int {
	lines, good := strings.SplitAfter(text, "\n"), 0
	for n := range lines {
		if _, err := godotenv.Unmarshal(strings.Join(lines[:n], "")); err == nil {
			good = n
		}
	}
	return good + 1
}

func matches(value string, want *regexp.Regexp, hint string) error {
	if !want.MatchString(value) {
		return errors.New(hint)
	}
	return nil
}

func isURL(value string, schemes ...string) error {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
		return fmt.Errorf("want an address that begins with %s://", strings.Join(schemes, ":// or "))
	}
	return nil
}

// ids reads people's Telegram ids, apart by commas or spaces.
func ids(value string) ([]int64, error) {
	var list []int64
	for _, word := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' }) {
		id, err := strconv.ParseInt(word, 10, 64)
		if err != nil || id <= 0 {
			return nil, fmt.Errorf("%q is not a person's Telegram id; want numbers apart by commas, such as 1234567,7654321", word)
		}
		list = append(list, id)
	}
	return list, nil
}
