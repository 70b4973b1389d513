package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// checkJSON checks a value against the field's type, down to the last field of nested objects. The path says where in
// the request the value stands.
func (f field) checkJSON(raw json.RawMessage, path string) error {
	if strings.Contains(f.typ, "|") {
		return f.checkEither(raw, path)
	}
	switch element, isArray := strings.CutPrefix(f.typ, "Array of "); {
	case isArray:
		return checkArray(element, raw, path)
	case f.typ == "Integer":
		return f.checkInteger(raw, path)
	case f.typ == "Boolean":
		return mustBe(string(raw) == "true" || string(raw) == "false", f.typ, path)
	case f.typ == "String":
		return mustBe(raw[0] == '"', f.typ, path)
	}
	return checkObject(f.typ, raw, path)
}

func mustBe(ok bool, typ, path string) error {
	if ok {
		return nil
	}
	return stricter("%s must be of type %s", path, typ)
}

func (f field) checkInteger(raw json.RawMessage, path string) error {
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return mustBe(false, "Integer", path)
	}
	if n < f.min || n > f.max {
		return stricter("%s is %d, out of the range %d to %d", path, n, f.min, f.max)
	}
	return nil
}

func checkArray(element string, raw json.RawMessage, path string) error {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil || items == nil {
		return mustBe(false, "Array of "+element, path)
	}
	for i, item := range items {
		if err := req("", element).checkJSON(item, path+"["+strconv.Itoa(i)+"]"); err != nil {
			return err
		}
	}
	return nil
}

// checkEither checks a value that may be of several types: by the kind of JSON value, and objects by their first field.
func (f field) checkEither(raw json.RawMessage, path string) error {
	kinds := strings.Split(f.typ, "|")
	if raw[0] == '"' && slices.Contains(kinds, "String") {
		return nil
	}
	if slices.Contains(kinds, "Integer") {
		return f.checkInteger(raw, path)
	}
	object, err := decodeObject(raw)
	if err != nil {
		return stricter("%s must be one of %s", path, f.typ)
	}
	for _, kind := range kinds {
		if _, ok := object[objects[kind][0].name]; ok {
			return checkObject(kind, raw, path)
		}
	}
	return stricter("%s must be one of %s", path, f.typ)
}

func checkObject(typ string, raw json.RawMessage, path string) error {
	object, err := decodeObject(raw)
	if err != nil {
		return stricter("%s must be of type %s: %v", path, typ, err)
	}
	typ, err = variant(typ, object, path)
	if err != nil {
		return err
	}
	fs := objects[typ]
	for name := range object {
		if !slices.ContainsFunc(fs, func(f field) bool { return f.name == name }) {
			return stricter("%s has an unknown field %q", path, name)
		}
	}
	for _, f := range fs {
		value, ok := object[f.name]
		if !ok && f.required {
			return stricter("%s has no field %q", path, f.name)
		}
		if !ok {
			continue
		}
		if err := f.checkJSON(value, path+"."+f.name); err != nil {
			return err
		}
	}
	return nil
}

// variant returns the type that an object of a type with several forms has.
func variant(typ string, object map[string]json.RawMessage, path string) (string, error) {
	if alias, ok := aliases[typ]; ok {
		return alias, nil
	}
	forms, ok := variants[typ]
	if !ok {
		return typ, nil
	}
	var form string
	if err := json.Unmarshal(object["type"], &form); err != nil {
		return "", stricter("%s has no field \"type\"", path)
	}
	if forms[form] == "" {
		return "", stricter("%s: %s of type %q is not supported", path, typ, form)
	}
	return forms[form], nil
}
