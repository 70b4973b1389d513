package main

import (
	"context"
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
// goes back with a new world.
func (d *demo) watch(ctx context.Context) {
	tick := time.NewTicker(demoLookEvery)
	defer tick.Stop()
	used := fingerprint(d.source.files)
	seen := used
	d.checkContent()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		before := seen
		if d.watched {
			seen = fingerprint(d.source.files)
		}
		if saved := seen != used; saved && seen == before || d.outdated() {
			used = seen
			d.reload()
		}
	}
}

func (d *demo) outdated() bool {
	now, expires := d.page.World().Clock.Now(), d.library.Load().Expires()
	return now.Before(d.loaded) || !expires.IsZero() && !now.Before(expires)
}

// reload uses the content as it is now, or keeps the old one and shows why.
func (d *demo) reload() {
	d.loaded = d.page.World().Clock.Now()
	library, err := d.load(d.loaded)
	var problems answers.Problems
	switch {
	case errors.As(err, &problems):
		d.content.Stale, d.content.Problems = true, viewProblems(problems)
		d.page.SetContent(d.content)
		return
	case err != nil:
		d.content.Stale, d.content.Problems = true, []web.Problem{{File: d.source.name, Message: err.Error()}}
		d.page.SetContent(d.content)
		return
	}
	old := d.library.Swap(library)
	d.bot.Load().SetLibrary(library)
	d.show(library, changes(old, library))
	d.checkContent()
}

// show shows the library that the bot answers from.
func (d *demo) show(library *answers.Library, changed []web.Change) {
	c := web.Content{Releases: len(library.Releases), Changes: changed, Loaded: d.content.Loaded + 1}
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

// checkContent shows the warnings, which take longer to find than the content takes to load.
func (d *demo) checkContent() {
	if !d.watched {
		return
	}
	_, problems := answers.Check(d.source.files)
	d.content.Problems = viewProblems(d.source.locate(problems))
	d.page.SetContent(d.content)
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
