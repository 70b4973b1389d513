package bot

import (
	"context"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing/fstest"
	"time"

	"releasebot/answers"
	"releasebot/bot/delivery"
	"releasebot/bot/sandbox"
	"releasebot/bot/store"
	"releasebot/content"
)

// employ makes people the bot's administrators. What the folder has by then is no news.
func (w *world) employ(f folder, people ...*sandbox.Person) {
	w.bot.SetLibrary(f.library())
	for _, p := range people {
		w.bot.admins = append(w.bot.admins, p.ID)
	}
	w.tend()
}

// tend does what Tend does, once.
func (w *world) tend() {
	w.t.Helper()
	if err := w.bot.tend(w.t.Context(), &w.known); err != nil {
		w.t.Fatal(err)
	}
}

// deliver sends all that can be sent now, one message after another.
func (w *world) deliver() {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	sender := delivery.New(delivery.Options{
		Client: w.client, Store: w.store, Limiter: delivery.NewLimiter(delivery.Pace{}),
		Message: w.bot.Message, Copy: w.bot.Copy, Log: w.bot.log, Now: w.clock.Now, Workers: 1,
	})
	ended := make(chan struct{})
	go func() {
		sender.Run(ctx)
		close(ended)
	}()
	for deadline := time.Now().Add(20 * time.Second); !w.delivered(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			w.t.Fatal("the bulletins do not come to their end")
		}
	}
	stop()
	<-ended
}

// delivered tells whether everything has been sent that does not wait for its hour.
func (w *world) delivered() bool {
	ctx, now := w.t.Context(), w.clock.Now()
	for _, b := range must(w.store.Bulletins(ctx, store.Scheduled)) {
		if !b.Starts.After(now) {
			return false
		}
	}
	for _, b := range must(w.store.Bulletins(ctx, store.Sending)) {
		copies := must(w.store.Copies(ctx, b, store.Sent{}, 1))
		due := must(w.store.Due(ctx, now, 1)) // read before what waits, or a message that is marked in between would count as neither
		if b.Progress < b.Final || len(copies) > 0 || len(due) > 0 || must(w.store.Waiting(ctx, b.ID)) == 0 {
			return false
		}
	}
	return true
}

// folder is content that can be changed.
type folder fstest.MapFS

// newFolder has the first pairs of the shipped release, which load in a moment.
func newFolder() folder {
	const release, most = "releases/2018-09-12-un-peacekeeping/", 6
	f := folder{}
	for _, name := range []string{"library.yaml", release + "release.md", release + "pairs.yaml"} {
		f[name] = &fstest.MapFile{Data: must(fs.ReadFile(content.Files, name))}
	}
	pairs := strings.SplitAfterN(string(f[release+"pairs.yaml"].Data), "\n- id: ", most+1)
	first := strings.TrimSuffix(strings.Join(pairs[:most], ""), "- id: ")
	f[release+"pairs.yaml"] = &fstest.MapFile{Data: []byte(related.ReplaceAllString(first, ""))}
	return f
}

// related names pairs that the first ones have no need of.
var related = regexp.MustCompile(`(?m)^  related:.*\n`)

// add adds the release in a folder of testdata.
func (f folder) add(release string) {
	for _, name := range []string{"release.md", "pairs.yaml"} {
		f["releases/"+release+"/"+name] = &fstest.MapFile{Data: must(os.ReadFile("testdata/" + release + "/" + name))}
	}
}

// replace changes words in a release and its pairs.
func (f folder) replace(release, old, new string) {
	for path, file := range f {
		if strings.HasPrefix(path, "releases/"+release+"/") {
			f[path] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(file.Data), old, new))}
		}
	}
}

// withdraw takes out a pair.
func (f folder) withdraw(release, pair string) {
	path := "releases/" + release + "/pairs.yaml"
	before, rest, _ := strings.Cut(string(f[path].Data), "- id: "+pair+"\n")
	if i := strings.Index(rest, "\n- id: "); i >= 0 {
		before += rest[i+1:]
	}
	f[path] = &fstest.MapFile{Data: []byte(before)}
}

func (f folder) library() *answers.Library { return f.at(time.Now()) }

// at is what of it is public at a time.
func (f folder) at(now time.Time) *answers.Library {
	return must(answers.Load(fstest.MapFS(f), now))
}
