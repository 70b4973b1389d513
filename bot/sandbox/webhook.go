package sandbox

import (
	"bytes"
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
)

// webhook is where updates are sent instead of being fetched. [Server.Deliver] sends them.
type webhook struct {
	url         string
	secret      string
	certificate string // PEM; "" for one that everybody trusts
	connections int
}

var secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]*$`)

func (s *Server) setWebhook(a args) (any, error) {
	address := a.text("url")
	if address == "" {
		return s.deleteWebhook(a)
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "":
		return nil, misuse("bad webhook: An HTTPS URL must be provided for webhook")
	case !slices.Contains([]string{"", "443", "80", "88", "8443"}, u.Port()):
		return nil, misuse("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	case len(a.text("secret_token")) > 256:
		return nil, misuse("secret token is too long")
	case !secretToken.MatchString(a.text("secret_token")):
		return nil, misuse("secret token contains unallowed characters")
	}
	if a.has("certificate") && !x509.NewCertPool().AppendCertsFromPEM([]byte(a.text("certificate"))) {
		return nil, stricter("the certificate is not PEM")
	}
	if err := s.allow(a); err != nil {
		return nil, err
	}
	s.dropPending(a)
	s.webhook = webhook{
		url: address, secret: a.text("secret_token"), certificate: a.text("certificate"), connections: int(cmp.Or(a.integer("max_connections"), 40)),
	}
	if s.queue.poller != nil {
		close(s.queue.poller)
		s.queue.poller = nil
	}
	return true, nil
}

func (s *Server) deleteWebhook(a args) (any, error) {
	s.dropPending(a)
	s.webhook = webhook{}
	return true, nil
}

func (s *Server) dropPending(a args) {
	if a.truth("drop_pending_updates") {
		s.queue.waiting = nil
	}
}

type webhookInfo struct {
	URL         string   `json:"url"`
	Certificate bool     `json:"has_custom_certificate"`
	Pending     int      `json:"pending_update_count"`
	Connections int      `json:"max_connections,omitempty"`
	Allowed     []string `json:"allowed_updates,omitempty"`
}

func (s *Server) getWebhookInfo(args) (any, error) {
	return webhookInfo{
		URL: s.webhook.url, Certificate: s.webhook.certificate != "", Pending: len(s.queue.waiting), Connections: s.webhook.connections, Allowed: s.queue.allowed,
	}, nil
}

// WebhookCertificate returns the certificate that was uploaded for the webhook, as PEM, nil if none was. It is then the only one that Telegram
// trusts there.
func (s *Server) WebhookCertificate() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.webhook.certificate == "" {
		return nil
	}
	return []byte(s.webhook.certificate)
}

// Deliver sends the waiting updates to the webhook, each once and in order, and confirms those that it took. It ends at
// the first that the webhook refuses; Telegram would try again later.
func (s *Server) Deliver(ctx context.Context, to http.RoundTripper) error {
	for {
		s.mu.Lock()
		hook := s.webhook
		s.queue.expire(s.now())
		waiting := slices.Clone(s.queue.waiting)
		s.mu.Unlock()
		if len(waiting) == 0 {
			return nil
		}
		if err := hook.send(ctx, to, waiting[0].body); err != nil {
			return fmt.Errorf("update %d: %w", waiting[0].id, err)
		}
		s.confirmOne(waiting[0].id)
	}
}

func (s *Server) confirmOne(id int64) {
	s.mu.Lock()
	defer s.release()
	s.queue.waiting = slices.DeleteFunc(s.queue.waiting, func(u queued) bool { return u.id == id })
}

func (h webhook) send(ctx context.Context, to http.RoundTripper, update []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(update))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	response, err := to.RoundTrip(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 {
		return errors.New("the webhook answers " + response.Status)
	}
	return nil
}
