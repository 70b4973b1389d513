package answers

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// revision is a hash of what a pair tells people: question and answer in every language, the quotes and who speaks, the sources and the
// release they link to. Phrasings, topic and related pairs are not in it. The ledger compares it: where it changed, messages sent
// earlier are out of date.
func revision(p *Pair) string {
	type said struct{ Text, Speaker string }
	quotes := make([]said, len(p.Quotes))
	for i, quote := range p.Quotes {
		quotes[i] = said{quote.Text, quote.Speaker}
	}
	r := p.Release
	sources := append([]Source{{Title: r.Title, Publisher: r.Publisher, URL: r.URL, Date: r.Date}}, p.Sources...)
	for i := range sources {
		sources[i].ID = ""
	}
	told, err := json.Marshal([]any{p.Question, p.Answer, quotes, sources})
	if err != nil {
		panic(err) // cannot be: texts always encode, and so does every date that was read
	}
	sum := sha256.Sum256(told)
	return hex.EncodeToString(sum[:8])
}
