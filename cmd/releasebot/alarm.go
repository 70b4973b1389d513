package main

import (
	"context"
	"time"
)

// alarm tells people of trouble when it begins and when it is over, however often it is looked at.
type alarm struct {
	tell   func(context.Context, string)
	raised map[string]time.Time // by kind of trouble: when it was last seen
}

// calm is for how long trouble must be away to count as over. What comes back before then is the same trouble.
const calm = 15 * time.Minute

func newAlarm(tell func(context.Context, string)) *alarm {
	return &alarm{tell: tell, raised: map[string]time.Time{}}
}

// report takes one look at a kind of trouble: what is wrong, in words for people, or "".
func (a *alarm) report(ctx context.Context, kind, wrong string, now time.Time) {
	last, known := a.raised[kind]
	switch {
	case wrong != "":
		a.raised[kind] = now
		if !known {
			a.tell(ctx, wrong)
		}
	case known && now.Sub(last) >= calm:
		delete(a.raised, kind)
		a.tell(ctx, "No more trouble of this kind: "+kind+".")
	}
}
