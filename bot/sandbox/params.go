package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	maxInt32 = 1<<31 - 1
	maxID    = 1<<52 - 1 // of users and chats; the Bot API promises at most 52 significant bits
	maxBody  = 1 << 20
)

// field is a parameter of a method or a field of an object. Its type is written as in the specification, alternatives
// parted by |.
type field struct {
	name, typ string
	required  bool
	min, max  int64
	absent    string // Telegram's words when it is missing
	object    string // Telegram's words for it when it is not JSON
	recent    bool   // added after the specification that the tests compare with
}

type fields []field

func req(name, typ string) field {
	return field{name: name, typ: typ, required: true, min: -maxID, max: maxID}
}

func opt(name, typ string) field {
	f := req(name, typ)
	f.required = false
	return f
}

func (f field) between(low, high int64) field { f.min, f.max = low, high; return f }
func (f field) missing(text string) field     { f.absent = text; return f }
func (f field) named(object string) field     { f.object = object; return f }
func (f field) newer() field                  { f.recent = true; return f }

// value is a parameter as it came. In a form every value is text; in a JSON body it has a type of its own.
type value struct {
	text   string
	quoted bool // a JSON string
	json   bool // came in a JSON body
	file   bool // was uploaded
}

type args map[string]value

func (a args) has(name string) bool { _, ok := a[name]; return ok }

func (a args) text(name string) string { return a[name].text }

func (a args) truth(name string) bool { return a[name].text == "true" }

// integer returns a number that check has found to be one, or 0 if it is absent.
func (a args) integer(name string) int64 {
	n, _ := strconv.ParseInt(a[name].text, 10, 64)
	return n
}

// decode fills v from a parameter that check has found to be well formed. An absent one leaves v as it is.
func (a args) decode(name string, v any) error {
	if !a.has(name) {
		return nil
	}
	return json.Unmarshal([]byte(a[name].text), v)
}

// readArgs reads the parameters from the query and from a body of any of the three kinds.
func readArgs(w http.ResponseWriter, r *http.Request) (args, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && r.Header.Get("Content-Type") != "" {
		return nil, stricter("malformed Content-Type %q", r.Header.Get("Content-Type"))
	}
	switch kind {
	case "application/json":
		return readJSON(r)
	case "multipart/form-data":
		err = r.ParseMultipartForm(maxBody)
	case "application/x-www-form-urlencoded", "":
		err = r.ParseForm()
	default:
		return nil, stricter("unsupported Content-Type %q", kind)
	}
	if tooBig := new(http.MaxBytesError); errors.As(err, &tooBig) {
		return nil, &refusal{code: http.StatusRequestEntityTooLarge, text: "Request Entity Too Large", misuse: true}
	}
	if err != nil {
		return nil, stricter("malformed body: %v", err)
	}
	a, err := readForm(r.Form)
	if err == nil && r.MultipartForm != nil {
		err = a.readFiles(r.MultipartForm.File)
	}
	return a, err
}

// readFiles adds what is uploaded.
func (a args) readFiles(files map[string][]*multipart.FileHeader) error {
	for name, uploads := range files {
		if _, twice := a[name]; twice || len(uploads) > 1 {
			return stricter("parameter %q is given twice", name)
		}
		file, err := uploads[0].Open()
		if err != nil {
			return err
		}
		text, err := io.ReadAll(file)
		file.Close()
		if err != nil {
			return err
		}
		a[name] = value{text: string(text), file: true}
	}
	return nil
}

func readForm(form url.Values) (args, error) {
	a := args{}
	for name, values := range form {
		if len(values) > 1 {
			return nil, stricter("parameter %q is given %d times", name, len(values))
		}
		a[name] = value{text: values[0]}
	}
	return a, nil
}

func readJSON(r *http.Request) (args, error) {
	a, err := readForm(r.URL.Query())
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, &refusal{code: http.StatusRequestEntityTooLarge, text: "Request Entity Too Large", misuse: true}
	}
	object, err := decodeObject(body)
	if err != nil {
		return nil, misuse("can't parse JSON object: %v", err)
	}
	for name, raw := range object {
		v := value{text: string(raw), json: true}
		if json.Unmarshal(raw, &v.text) == nil && raw[0] == '"' {
			v.quoted = true
		}
		a[name] = v
	}
	return a, nil
}

// decodeObject decodes a JSON object and refuses a repeated key, which encoding/json lets pass.
func decodeObject(data []byte) (map[string]json.RawMessage, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("object expected")
	}
	object := map[string]json.RawMessage{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		name := key.(string) // inside an object More and Token give keys, which are strings
		if _, twice := object[name]; twice {
			return nil, errors.New("field " + strconv.Quote(name) + " is given twice")
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, err
		}
		object[name] = raw
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	return object, nil
}

// check refuses parameters that the method does not have, that are missing, and that are not of their type.
func (fs fields) check(a args) error {
	for _, f := range fs {
		v, ok := a[f.name]
		if ok && v.text == "" && f.absent != "" || !ok && f.required {
			return f.refuseAbsent()
		}
		if !ok {
			continue
		}
		if err := f.checkValue(v); err != nil {
			return err
		}
	}
	return fs.checkNames(a)
}

func (fs fields) checkNames(a args) error {
	for name := range a {
		if !slices.ContainsFunc(fs, func(f field) bool { return f.name == name }) {
			return stricter("unknown parameter %q", name)
		}
	}
	return nil
}

func (f field) refuseAbsent() error {
	if f.absent != "" {
		return misuse("%s", f.absent)
	}
	return misuse("parameter %q is required", f.name)
}

// checkValue checks a parameter as it came. The value of a form has no type of its own: it is read as the type it
// should have.
func (f field) checkValue(v value) error {
	if upload := f.typ == "InputFile"; upload || v.file {
		if upload != v.file {
			return stricter("%s must be of type %s", f.name, f.typ)
		}
		return nil
	}
	kinds := strings.Split(f.typ, "|")
	if slices.Contains(kinds, "String") && (v.quoted || !v.json) {
		return f.checkText(v.text)
	}
	if v.quoted && scalar(kinds[0]) {
		return stricter("%s must be of type %s, not a string", f.name, f.typ)
	}
	if !json.Valid([]byte(v.text)) {
		return f.refuseJSON()
	}
	return f.checkJSON(json.RawMessage(v.text), f.name)
}

func scalar(typ string) bool { return typ == "Integer" || typ == "Boolean" }

// checkText checks a String, and a chat's id or @username that came as one.
func (f field) checkText(text string) error {
	if f.typ != chatID || strings.HasPrefix(text, "@") {
		return nil
	}
	if n, err := strconv.ParseInt(text, 10, 64); err != nil || n > maxID || n < -maxID {
		return misuse("chat not found")
	}
	return nil
}

func (f field) refuseJSON() error {
	switch {
	case scalar(f.typ):
		return stricter("%s must be of type %s", f.name, f.typ)
	case f.name == "results":
		return misuse("can't parse JSON encoded inline query results")
	case f.name == "result":
		return misuse("can't parse JSON encoded web view query results")
	case f.object != "":
		return misuse("can't parse %s JSON object", f.object)
	}
	return misuse("can't parse %s JSON object", f.name)
}
