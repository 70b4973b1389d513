package web

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// policy allows the page its own files and nothing else: no inline code, no other host, and no way to make markup of text.
var policy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'", "connect-src 'self'",
	"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
	"require-trusted-types-for 'script'", "trusted-types 'none'",
}, "; ")

var headers = map[string]string{
	"Content-Security-Policy":      policy,
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"Cache-Control":                "no-cache",
}

// guard refuses requests that do not name one of the hosts, and says in each answer what the page may do. A name of another
// site that points here, as in DNS rebinding, is so of no use.
func guard(hosts []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		if !allowed(hosts, r.Host) {
			http.Error(w, "this page is not served as "+r.Host+": name its address, or localhost", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// allowed tells whether requests may name the host. Without a list it must be an address: rebinding needs a name.
func allowed(hosts []string, host string) bool {
	if len(hosts) > 0 {
		return slices.Contains(hosts, strings.ToLower(host))
	}
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	_, err = netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil || strings.EqualFold(name, "localhost")
}
