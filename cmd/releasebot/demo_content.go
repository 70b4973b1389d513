package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"releasebot/answers"
	"releasebot/bot/sandbox/web"
)

func (d *demo) load(now time.Time) (*answers.Library, error) {
	library, err := answers.Load(d.source.files, now)
	var problems answers.Problems
	if errors.As(err, &problems) {
		return nil, d.source.locate(problems)
	}
	return library, err
}

// demoLookEvery is how often the files are looked at: whoever saves one sees at once what comes of it.
const demoLookEvery = 250 * time.Millisecond

// watch loads the content anew once a saved file has settled, and when the world's clock passes the end of an embargo or
// goes back with a new world. used is the fingerprint of the files that have been loaded.
func (d *demo) watch(ctx context.Context, used [sha256.Size]byte) {
	tick := time.NewTicker(demoLookEvery)
	defer tick.Stop()
	seen := used
	checked := d.check()
	for {
		select {
		case <-ctx.Done():
			return
		case problems := <-checked:
			d.content.Problems, d.content.Checking = viewProblems(problems), false
			d.page.SetContent(d.content)
			continue
		case <-tick.C:
		}
		before := seen
		if d.watched {
			seen = fingerprint(d.source.files)
		}
		if saved := seen != used; saved && seen == before || d.outdated() {
			used = seen
			checked = d.reload()
		}
	}
}

func (d *demo) outdated() bool {
	now, expires := d.page.World().Clock.Now(), d.library.Load().Expires()
	return now.Before(d.loaded) || !expires.IsZero() && !now.Before(expires)
}

// reload uses the content as it is now, which is then checked, or keeps the old one and shows why.
func (d *demo) reload() <-chan answers.Problems {
	d.loaded = d.page.World().Clock.Now()
	library, err := d.load(d.loaded)
	var problems answers.Problems
	if err != nil && !errors.As(err, &problems) {
		problems = answers.Problems{{File: d.source.name, Message: err.Error()}}
	}
	if err != nil {
		d.content.Stale, d.content.Checking, d.content.Problems = true, false, viewProblems(problems)
		d.page.SetContent(d.content)
		return nil
	}
	library.Wait() // the old one answers meanwhile
	old := d.library.Swap(library)
	d.bot.Load().SetLibrary(library)
	d.show(library, changes(old, library))
	return d.check()
}

// show shows the library that the bot answers from, with the warnings of before until there are new ones.
func (d *demo) show(library *answers.Library, changed []web.Change) {
	c := web.Content{Releases: len(library.Releases), Changes: changed, Loaded: d.content.Loaded + 1, Checking: d.watched}
	for _, p := range d.content.Problems {
		if p.Warning {
			c.Problems = append(c.Problems, p)
		}
	}
	if d.watched {
		c.Folder = d.source.name
	}
	for _, r := range library.Releases {
		c.Pairs += len(r.Pairs)
		c.Gaps += len(r.Gaps)
	}
	d.content = c
	d.page.SetContent(c)
}

// check finds the warnings of what can change, which takes longer than loading it.
func (d *demo) check() <-chan answers.Problems {
	if !d.watched {
		return nil
	}
	checked := make(chan answers.Problems, 1)
	go func() {
		_, problems := answers.Check(d.source.files)
		checked <- d.source.locate(problems)
	}()
	return checked
}

func viewProblems(problems answers.Problems) []web.Problem {
	views := make([]web.Problem, len(problems))
	for i, p := range problems {
		views[i] = web.Problem{File: p.File, Line: p.Line, Warning: p.Warning, Message: p.Message, Hint: p.Hint}
	}
	return views
}

// changes are the pairs in which two libraries differ, in the order of the files.
func changes(old, library *answers.Library) []web.Change {
	var changed []web.Change
	for _, p := range pairs(library) {
		switch before := old.Pair(p.ID); {
		case before == nil:
			changed = append(changed, web.Change{Kind: "new", Question: p.Question[library.Languages[0]]})
		case before.Revision != p.Revision:
			changed = append(changed, web.Change{Kind: "changed", Question: p.Question[library.Languages[0]]})
		}
	}
	for _, p := range pairs(old) {
		if library.Pair(p.ID) == nil {
			changed = append(changed, web.Change{Kind: "removed", Question: p.Question[old.Languages[0]]})
		}
	}
	return changed
}

func pairs(library *answers.Library) []*answers.Pair {
	var all []*answers.Pair
	for _, r := range library.Releases {
		all = append(all, r.Pairs...)
	}
	return all
}
