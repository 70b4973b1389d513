package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is the bot's own, read from files that somebody may renew while it runs. It is safe for concurrent use.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu     sync.Mutex
	read   [2]time.Time // when the files had been written that were read last, rightly or not
	loaded *tls.Certificate
}

// loadCertificate reads the two files of PEM: the certificate, with those that lead to its root behind it, and its key.
func loadCertificate(certFile, keyFile string, log *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, log: log}
	if err := c.load(); err != nil {
		return nil, &failure{
			message: "TLS_CERT_FILE and TLS_KEY_FILE: " + err.Error(),
			hint:    "name a certificate and the key that belongs to it, both PEM, which the user that runs releasebot can read",
			code:    exitUsage,
		}
	}
	return c, nil
}

func (c *certificate) load() error {
	c.read = c.written() // before it is read: what changes meanwhile is read again
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return err
	}
	c.loaded = &pair
	return nil
}

func (c *certificate) written() (times [2]time.Time) {
	for i, file := range []string{c.certFile, c.keyFile} {
		if info, err := os.Stat(file); err == nil {
			times[i] = info.ModTime()
		}
	}
	return times
}

// current is the certificate as it stands in the files now, or as it last did if it cannot be read.
func (c *certificate) current() *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.written() != c.read {
		if err := c.load(); err != nil {
			c.log.Warn("the certificate was changed and cannot be used; the old one stays", "error", err)
		} else {
			c.log.Info("a new certificate", "ends", c.loaded.Leaf.NotAfter)
		}
	}
	return c.loaded
}

// config serves TLS with what is current at each handshake, and HTTP/1.1 over it, which is what Telegram speaks.
func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current(), nil },
	}
}

// selfSigned is the certificate as PEM if it is its own root, which Telegram has to be given; else nil. A nil c has none.
func (c *certificate) selfSigned() []byte {
	if c == nil {
		return nil
	}
	leaf := c.current().Leaf
	if !bytes.Equal(leaf.RawIssuer, leaf.RawSubject) || leaf.CheckSignature(leaf.SignatureAlgorithm, leaf.RawTBSCertificate, leaf.Signature) != nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw})
}

// renewBefore is how long before its end a certificate should have been renewed. Those that renew themselves do so weeks before.
const renewBefore = 7 * 24 * time.Hour

// trouble is what is wrong with the certificate, "" if nothing. A nil c has none.
func (c *certificate) trouble(now time.Time) string {
	if c == nil {
		return ""
	}
	return expiry(c.current().Leaf, now)
}

// isFor tells whether a certificate is for a host. Telegram takes the common name too, in which its guide to self-signed ones has the host.
func isFor(leaf *x509.Certificate, host string) bool {
	return leaf.VerifyHostname(host) == nil || leaf.Subject.CommonName == host
}

func expiry(leaf *x509.Certificate, now time.Time) string {
	switch left := leaf.NotAfter.Sub(now); {
	case left <= 0:
		return fmt.Sprintf("The certificate of TLS_CERT_FILE ended on %s, and Telegram does not trust it any more. Put a new one there.", leaf.NotAfter.Format(time.DateOnly))
	case left < renewBefore:
		return fmt.Sprintf("The certificate of TLS_CERT_FILE ends on %s. Put a new one there; no restart is needed.", leaf.NotAfter.Format(time.DateOnly))
	}
	return ""
}

const (
	// lookForRenewal is how often a self-signed certificate is compared with the one that Telegram has.
	lookForRenewal = 2 * time.Second
	// giveAgain is when Telegram is given a certificate again that it has not taken.
	giveAgain = time.Minute
)

// keepWebhook sets the webhook again whenever the certificate is a new one that Telegram has to be given, until ctx ends.
func (v *service) keepWebhook(ctx context.Context, given []byte) {
	var next time.Time
	every(ctx, lookForRenewal, func() {
		now := v.certificate.selfSigned()
		if bytes.Equal(now, given) || time.Now().Before(next) {
			return
		}
		if err := v.client.SetWebhook(ctx, v.settings.webhookURL, v.settings.webhookSecret, now); err != nil {
			v.log.Warn("Telegram could not be given the new certificate", "error", err, "again_in", giveAgain)
			next = time.Now().Add(giveAgain)
			return
		}
		given = now
	})
}
