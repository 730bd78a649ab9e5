package ts2go

import (
	"bytes"
	"encoding/json"
	"reflect"
)

var (
	errorType       = reflect.TypeFor[error]()
	marshalerType   = reflect.TypeFor[json.Marshaler]()
	unmarshalerType = reflect.TypeFor[json.Unmarshaler]()
)

// detailsOf returns what the error's type says besides its message, as JSON: by the type's own rules, if it has any.
// It returns "" where that is nothing, or can't be said.
func detailsOf(err error) (details string) {
	defer func() {
		if recover() != nil {
			details = ""
		}
	}()
	v := reflect.ValueOf(err)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return ""
		}
		v = v.Elem()
	}
	t := v.Type()
	var value any = err
	switch own := reflect.PointerTo(t).Implements(marshalerType); {
	case !own && !carries(t):
		return ""
	case !own && len(errorFields(t)) > 0:
		// Errors in fields are told as what this one wraps; as JSON they would be empty objects.
		bare := reflect.New(t)
		bare.Elem().Set(v)
		for _, i := range errorFields(t) {
			bare.Elem().Field(i).SetZero()
		}
		value = bare.Interface()
	}
	text, fault := json.Marshal(value)
	if fault != nil || len(text) > errorDetails || string(text) == "null" {
		return ""
	}
	return string(bytes.ToValidUTF8(text, []byte("\uFFFD")))
}

// carries reports whether JSON can say what a value of the type is, or at least a part of it. A type without any fields
// says all by its name.
func carries(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() || f.Anonymous && f.Type.Kind() == reflect.Struct {
				return true
			}
		}
		return t.NumField() == 0
	case reflect.Slice, reflect.Array, reflect.Map:
		return t.Elem().Kind() != reflect.Interface
	default:
		return t.Kind() == reflect.String || t.Kind() >= reflect.Bool && t.Kind() <= reflect.Float64
	}
}

// errorFields returns the exported fields of a struct that hold an error.
func errorFields(t reflect.Type) (fields []int) {
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && f.Type == errorType {
				fields = append(fields, i)
			}
		}
	}
	return fields
}

// rebuild makes an error of type t, or of what it points to, from what detailsOf said of one.
func rebuild(t reflect.Type, details []byte, cause error) (v reflect.Value, ok bool) {
	// Methods of the type run in here.
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	base := t
	if t.Kind() == reflect.Pointer {
		base = t.Elem()
	}
	own := reflect.PointerTo(base).Implements(unmarshalerType)
	if !own && !carries(base) {
		return v, false
	}
	made := reflect.New(base)
	d := json.NewDecoder(bytes.NewReader(details))
	// What does not fit is of another type of that name.
	d.DisallowUnknownFields()
	if d.Decode(made.Interface()) != nil {
		return v, false
	}
	if holes := errorFields(base); len(holes) == 1 && !own && cause != nil {
		made.Elem().Field(holes[0]).Set(reflect.ValueOf(cause))
	}
	v = made
	if t == base {
		v = made.Elem()
	}
	return v, says(v)
}

// says reports whether the error can say its message; it panics where it can't do without what was not sent.
func says(v reflect.Value) bool {
	err, ok := v.Interface().(error)
	if ok {
		_ = err.Error()
	}
	return ok
}
