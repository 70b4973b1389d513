package sandbox

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
)

// specification is the machine-readable description of the Bot API.
type specification struct {
	Methods map[string]specType `json:"methods"`
	Types   map[string]specType `json:"types"`
}

type specType struct {
	Fields   []specField `json:"fields"`
	Subtypes []string    `json:"subtypes"`
}

type specField struct {
	Name     string   `json:"name"`
	Types    []string `json:"types"`
	Required bool     `json:"required"`
}

func (t specType) field(name string) (specField, bool) {
	i := slices.IndexFunc(t.Fields, func(f specField) bool { return f.Name == name })
	if i < 0 {
		return specField{}, false
	}
	return t.Fields[i], true
}

var readSpec = sync.OnceValues(func() (spec specification, err error) {
	data, err := os.ReadFile("../../../shared/telegram-bot-api.json")
	if err == nil {
		err = json.Unmarshal(data, &spec)
	}
	return spec, err
})

func loadSpec(t *testing.T) specification {
	t.Helper()
	spec, err := readSpec()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the specification is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// compare checks a table against the specification: every field is there, of this type, and as required.
func compare(t *testing.T, name string, ours fields, theirs specType) {
	t.Helper()
	for _, f := range ours {
		if f.recent {
			continue
		}
		g, ok := theirs.field(f.name)
		if !ok {
			t.Errorf("%s has no %q", name, f.name)
			continue
		}
		if typ := strings.Join(g.Types, "|"); f.typ != typ {
			t.Errorf("%s.%s is of type %s, not %s", name, f.name, typ, f.typ)
		}
		if f.required != g.Required {
			t.Errorf("%s.%s is required: %v, not %v", name, f.name, g.Required, f.required)
		}
	}
	for _, g := range theirs.Fields {
		if g.Required && !slices.ContainsFunc(ours, func(f field) bool { return f.name == g.Name }) {
			t.Errorf("%s lacks the required %q", name, g.Name)
		}
	}
}

// newer is what Telegram has added since the specification was written.
var newer = map[string]bool{"EphemeralMessageParameters": true, "editEphemeralMessageText": true, "ephemeral_message_id": true}

func TestMethodsAreThoseOfTheSpecification(t *testing.T) {
	spec := loadSpec(t)
	for name, m := range methods {
		theirs, ok := spec.Methods[name]
		if !ok {
			if !newer[name] {
				t.Errorf("there is no method %s", name)
			}
			continue
		}
		compare(t, name, m.fields, theirs)
	}
}

func TestObjectsAreThoseOfTheSpecification(t *testing.T) {
	spec := loadSpec(t)
	for name, fs := range objects {
		theirs, ok := spec.Types[name]
		if !ok {
			if !newer[name] {
				t.Errorf("there is no type %s", name)
			}
			continue
		}
		compare(t, name, fs, theirs)
	}
	for union, forms := range variants {
		for _, form := range forms {
			if !slices.Contains(spec.Types[union].Subtypes, form) {
				t.Errorf("%s is no form of %s", form, union)
			}
		}
	}
	for union, form := range aliases {
		if !slices.Contains(spec.Types[union].Subtypes, form) {
			t.Errorf("%s is no form of %s", form, union)
		}
	}
}

// sentTypes are the structs that the server sends, by the types that they stand for.
var sentTypes = map[string]any{
	"User": user{}, "Chat": chat{}, "ChatFullInfo": fullChat{}, "AcceptedGiftTypes": gifts{}, "Message": message{},
	"MessageEntity": Entity{}, "LinkPreviewOptions": previewOptions{}, "InlineKeyboardButton": Button{},
	"CopyTextButton": CopyText{}, "Location": location{}, "ForumTopicCreated": topicMade{}, "Update": update{},
	"InlineQuery": inlineQuery{}, "ChosenInlineResult": chosenResult{}, "CallbackQuery": callbackQuery{},
	"ChatMemberUpdated": memberChange{}, "ChatMemberAdministrator": memberRights{}, "ChatMemberRestricted": memberLimits{},
	"SentGuestMessage": sentGuest{}, "WebhookInfo": webhookInfo{}, "BotCommand": Command{},
	"ResponseParameters": parameters{},
}

func TestAnswersAreThoseOfTheSpecification(t *testing.T) {
	spec := loadSpec(t)
	for name, v := range sentTypes {
		theirs, ok := spec.Types[name]
		if !ok {
			t.Errorf("there is no type %s", name)
			continue
		}
		always := map[string]bool{}
		for _, f := range reflect.VisibleFields(reflect.TypeOf(v)) {
			tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous || tag == "" {
				continue
			}
			if _, ok := theirs.field(tag); !ok && !newer[tag] {
				t.Errorf("%s has no %q", name, tag)
			}
			always[tag] = options == ""
		}
		for _, g := range theirs.Fields {
			if g.Required && !always[g.Name] && !sharedField(name, g.Name) {
				t.Errorf("%s must always have %q", name, g.Name)
			}
		}
	}
}

// sharedField tells whether a field of a member's rights or limits stands in chatMember, which holds them.
func sharedField(typ, field string) bool {
	return strings.HasPrefix(typ, "ChatMember") && slices.Contains([]string{"status", "user", "is_anonymous", "until_date"}, field)
}

func TestKindsOfUpdatesAreThoseOfTheSpecification(t *testing.T) {
	spec := loadSpec(t)
	var theirs []string
	for _, f := range spec.Types["Update"].Fields[1:] {
		theirs = append(theirs, f.Name)
	}
	slices.Sort(theirs)
	if ours := slices.Sorted(maps.Keys(updateKinds)); !slices.Equal(ours, theirs) {
		t.Errorf("the kinds of updates are %q, not %q", theirs, ours)
	}
}
