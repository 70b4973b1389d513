package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"releasebot/bot/sandbox"
)

// authority signs certificates. A nil one signs each with its own key.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// pair is a certificate and its key, as PEM.
type pair struct{ cert, key []byte }

// issue makes a certificate for the host of hookURL.
func (a *authority) issue(serial int64, ends time.Time) pair {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "bot.example.org"}, DNSNames: []string{"bot.example.org"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: ends, BasicConstraintsValid: true, IsCA: a == nil,
	}
	own := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	signer := &authority{template, own}
	if a != nil {
		signer = a
	}
	der := must(x509.CreateCertificate(rand.Reader, template, signer.cert, &own.PublicKey, signer.key))
	return pair{
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(own))}),
	}
}

func newAuthority() *authority {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Authority"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key))
	return &authority{must(x509.ParseCertificate(der)), key}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// files are where a certificate and its key are, and are put anew.
type files struct{ cert, key string }

func newFiles(t *testing.T) files {
	dir := t.TempDir()
	return files{filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")}
}

func (f files) put(t *testing.T, p pair) {
	t.Helper()
	for file, data := range map[string][]byte{f.cert: p.cert, f.key: p.key} {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// trusting is Telegram's way to a webhook at an address: by real TLS, to whoever has a certificate of these roots.
func trusting(listen string, roots *x509.CertPool) *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, listen)
		},
		TLSClientConfig:   &tls.Config{RootCAs: roots},
		DisableKeepAlives: true, // a handshake for each request
	}
}

func poolOf(t *testing.T, certificate []byte) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(certificate) {
		t.Fatalf("Telegram was given no certificate: %q", certificate)
	}
	return pool
}

// Telegram trusts a self-signed certificate because it was given it, and a renewed one because it was given that too.
func TestASelfSignedCertificateIsGivenToTelegram(t *testing.T) {
	telegram := sandbox.New(sandbox.Options{})
	aliya := telegram.Person("Aliya", "en")
	chat := telegram.Private(aliya)
	listen, own := freeAddress(t), newFiles(t)
	first := (*authority)(nil).issue(1, time.Now().Add(time.Hour))
	own.put(t, first)
	stop, ended := served(t, telegram, slog.New(slog.DiscardHandler), byWebhook(listen, "sqlite:"+filepath.Join(t.TempDir(), "bot.db")),
		func(s *settings) { s.certFile, s.keyFile = own.cert, own.key })

	eventually(t, "Telegram has the certificate", func() bool { return bytes.Equal(telegram.WebhookCertificate(), first.cert) })
	aliya.Say(chat, "When does the bridge open?")
	delivered(t, telegram, trusting(listen, poolOf(t, telegram.WebhookCertificate())))

	second := (*authority)(nil).issue(2, time.Now().Add(time.Hour))
	own.put(t, second)
	eventually(t, "Telegram has the new certificate", func() bool { return bytes.Equal(telegram.WebhookCertificate(), second.cert) })
	aliya.Say(chat, "When does the bridge open?")
	delivered(t, telegram, trusting(listen, poolOf(t, telegram.WebhookCertificate())))

	if err := askReady(t.Context(), settings{listen: listen, certFile: own.cert}); err != nil {
		t.Error(err)
	}
	stop()
	if err := ended(); err != nil {
		t.Error(err)
	}
	if n := len(chat.FromBot()); n != 2 {
		t.Errorf("%d replies to 2 questions", n)
	}
	if violations := telegram.Violations(); len(violations) > 0 {
		t.Error(violations)
	}
}

// One that an authority has signed is trusted without that, and renewed without a restart, whatever stands in the files for a moment.
func TestARenewedCertificateIsServed(t *testing.T) {
	telegram := sandbox.New(sandbox.Options{})
	listen, own, ca := freeAddress(t), newFiles(t), newAuthority()
	own.put(t, ca.issue(10, time.Now().Add(time.Hour)))
	stop, ended := served(t, telegram, slog.New(slog.DiscardHandler), byWebhook(listen, "sqlite:"+filepath.Join(t.TempDir(), "bot.db")),
		func(s *settings) { s.certFile, s.keyFile = own.cert, own.key })
	defer func() {
		stop()
		if err := ended(); err != nil {
			t.Error(err)
		}
	}()
	roots := x509.NewCertPool()
	roots.AddCert(ca.cert)
	served := func() int64 {
		conn, err := tls.Dial("tcp", listen, &tls.Config{RootCAs: roots, ServerName: "bot.example.org"})
		if err != nil {
			return 0
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	eventually(t, "the first certificate is served", func() bool { return served() == 10 })

	renewed := ca.issue(20, time.Now().Add(time.Hour))
	if err := os.WriteFile(own.cert, renewed.cert, 0o600); err != nil { // its key is still the old one's
		t.Fatal(err)
	}
	if got := served(); got != 10 {
		t.Errorf("certificate %d is served while the files do not fit together", got)
	}
	own.put(t, renewed)
	if got := served(); got != 20 {
		t.Errorf("certificate %d is served after the renewal", got)
	}
	if given := telegram.WebhookCertificate(); given != nil {
		t.Errorf("Telegram was given a certificate that it trusts anyway: %s", given)
	}
}

func TestAnExpiringCertificateIsToldOf(t *testing.T) {
	now := time.Now()
	for days, want := range map[int]string{30: "", 6: "ends on", -1: "ended on"} {
		got := expiry(&x509.Certificate{NotAfter: now.AddDate(0, 0, days)}, now)
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%d days before its end: %q, want %q", days, got, want)
		}
	}
	if got := (*certificate)(nil).trouble(now); got != "" {
		t.Errorf("without a certificate: %q", got)
	}
}

func TestDoctorOnACertificate(t *testing.T) {
	ca, own := newAuthority(), newFiles(t)
	look := func(s settings) finding {
		s.certFile, s.keyFile = own.cert, own.key
		return examineCertificate(s, time.Now())
	}
	own.put(t, ca.issue(1, time.Now().AddDate(1, 0, 0)))
	if got := look(settings{webhookURL: hookURL}); got.state != healthy || strings.Contains(got.text, "self-signed") {
		t.Errorf("a good one: %+v", got)
	}
	if got := look(settings{webhookURL: "https://other.example.org/x"}); got.state != broken || !strings.Contains(got.text, "not for other.example.org") {
		t.Errorf("another host's: %+v", got)
	}
	own.put(t, (*authority)(nil).issue(1, time.Now().AddDate(0, 0, 3)))
	if got := look(settings{}); got.state != advice || !strings.Contains(got.text, "ends on") {
		t.Errorf("one that ends soon: %+v", got)
	}
	own.put(t, (*authority)(nil).issue(1, time.Now().Add(-time.Minute)))
	if got := look(settings{}); got.state != broken {
		t.Errorf("one that has ended: %+v", got)
	}
}
