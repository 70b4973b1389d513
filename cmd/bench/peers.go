package main

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/sahilm/fuzzy"
	_ "modernc.org/sqlite" // the driver

	"releasebot/answers/match"
)

// hit is the pair a method finds, and how sure it is: scores compare within one method alone.
type hit struct {
	pair  int
	score float64
}

// nothing is the hit of a method that found no pair.
var nothing = hit{outside, math.Inf(-1)}

// method is one way to find the pair for a question. Each phrasing of a pair is a text of its own, and the best one counts.
type method struct {
	name string
	slow bool // it is asked a sample of the questions
	load func([]match.Document) (engine, error)
}

// engine is a method that has learned a corpus.
type engine struct {
	find  func(question string) (hit, error)
	bytes int64 // held outside Go's heap
	close func() error
}

// methods are compared: ours first, then bleve's two.
var methods = []method{
	{"**ours**", false, loadOurs},
	{"bleve, BM25, English analyser", false, bleveBy("bm25")},
	{"bleve, tf-idf, English analyser", false, bleveBy("tf-idf")},
	{"SQLite FTS5, porter, OR", true, loadSQLite},
	{"sahilm/fuzzy, question as pattern", true, loadFuzzy},
}

func loadOurs(pairs []match.Document) (engine, error) {
	x := match.New(pairs, nil)
	find := func(question string) (hit, error) {
		hits := x.Search(question, 1).Hits
		if len(hits) == 0 {
			return nothing, nil
		}
		return hit{hits[0].Document, hits[0].Confidence}, nil
	}
	return engine{find: find, close: func() error { return nil }}, nil
}

// phrasingsOf returns the phrasings of all pairs, and the pair of each.
func phrasingsOf(pairs []match.Document) (texts []string, pairOf []int) {
	for d, pair := range pairs {
		for _, p := range pair.Phrasings {
			texts = append(texts, p.Text)
			pairOf = append(pairOf, d)
		}
	}
	return texts, pairOf
}

// bleveBy scores by one of bleve's models, in the better of its two indexes: its older one knows no BM25, is no better
// with tf-idf and takes two to four times as long on thousands of texts. Of texts that score alike, bleve finds a
// different one each time, so its figures vary by some tenths.
func bleveBy(model string) func([]match.Document) (engine, error) {
	return func(pairs []match.Document) (engine, error) {
		index, err := bleve.NewUsing("", bleveMapping(model), scorch.Name, scorch.Name, nil)
		if err != nil {
			return engine{}, fmt.Errorf("bleve: %w", err)
		}
		return loadBleve(index, pairs)
	}
}

func loadBleve(index bleve.Index, pairs []match.Document) (engine, error) {
	texts, pairOf := phrasingsOf(pairs)
	batch := index.NewBatch()
	for i, text := range texts {
		if err := batch.Index(strconv.Itoa(i), map[string]any{"text": text}); err != nil {
			return engine{}, errors.Join(fmt.Errorf("bleve: %w", err), index.Close())
		}
	}
	if err := index.Batch(batch); err != nil {
		return engine{}, errors.Join(fmt.Errorf("bleve: %w", err), index.Close())
	}
	find := func(question string) (hit, error) {
		query := bleve.NewMatchQuery(question)
		query.SetField("text")
		result, err := index.Search(bleve.NewSearchRequestOptions(query, 1, 0, false))
		if err != nil || len(result.Hits) == 0 {
			return nothing, err
		}
		i, err := strconv.Atoi(result.Hits[0].ID)
		return hit{pairOf[i], result.Hits[0].Score}, err
	}
	return engine{find: find, close: index.Close}, nil
}

// bleveMapping indexes one field and keeps nothing that finding does not need.
func bleveMapping(model string) mapping.IndexMapping {
	text := bleve.NewTextFieldMapping()
	text.Analyzer = en.AnalyzerName
	text.Store, text.IncludeTermVectors, text.IncludeInAll, text.DocValues = false, false, false, false
	phrasing := bleve.NewDocumentStaticMapping()
	phrasing.AddFieldMappingsAt("text", text)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = phrasing
	m.ScoringModel = model
	return m
}

func loadSQLite(pairs []match.Document) (engine, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return engine{}, fmt.Errorf("SQLite: %w", err)
	}
	db.SetMaxOpenConns(1) // every connection to :memory: has a database of its own
	texts, pairOf := phrasingsOf(pairs)
	e := engine{close: db.Close}
	if e.bytes, err = fillSQLite(db, texts); err != nil {
		return engine{}, errors.Join(fmt.Errorf("SQLite: %w", err), db.Close())
	}
	search, err := db.Prepare(`select rowid, rank from phrasings where phrasings match ? order by rank limit 1`)
	if err != nil {
		return engine{}, errors.Join(fmt.Errorf("SQLite: %w", err), db.Close())
	}
	e.find = func(question string) (hit, error) {
		var i int
		var rank float64
		err := search.QueryRow(anyWord(question)).Scan(&i, &rank)
		if errors.Is(err, sql.ErrNoRows) {
			return nothing, nil
		}
		if err != nil {
			return nothing, fmt.Errorf("SQLite: %w", err)
		}
		return hit{pairOf[i], -rank}, nil
	}
	return e, nil
}

// fillSQLite returns the size of the database, which is not on Go's heap.
func fillSQLite(db *sql.DB, texts []string) (bytes int64, err error) {
	tx, err := db.Begin()
	if err != nil {
		return 0, err
	}
	defer tx.Rollback()
	if _, err := tx.Exec(`create virtual table phrasings using fts5(text, content='', tokenize='porter unicode61')`); err != nil {
		return 0, err
	}
	insert, err := tx.Prepare(`insert into phrasings(rowid, text) values (?, ?)`)
	if err != nil {
		return 0, err
	}
	for i, text := range texts {
		if _, err := insert.Exec(i, text); err != nil {
			return 0, err
		}
	}
	if _, err := tx.Exec(`insert into phrasings(phrasings) values ('optimize')`); err != nil {
		return 0, err
	}
	if err := tx.Commit(); err != nil {
		return 0, err
	}
	err = db.QueryRow(`select page_count * page_size from pragma_page_count, pragma_page_size`).Scan(&bytes)
	return bytes, err
}

// anyWord is the full-text query for texts with any word of the question.
func anyWord(question string) string {
	words := strings.FieldsFunc(question, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	if len(words) == 0 {
		return `""`
	}
	return `"` + strings.Join(words, `" OR "`) + `"`
}

func loadFuzzy(pairs []match.Document) (engine, error) {
	texts, pairOf := phrasingsOf(pairs)
	find := func(question string) (hit, error) {
		best := nothing
		for _, m := range fuzzy.FindNoSort(question, texts) {
			if score := float64(m.Score); score > best.score {
				best = hit{pairOf[m.Index], score}
			}
		}
		return best, nil
	}
	return engine{find: find, close: func() error { return nil }}, nil
}
