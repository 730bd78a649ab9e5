// Package equal compares values that went to TypeScript and came back.
package equal

import (
	"fmt"
	"reflect"
	"time"
)

// Back reports what differs between a value that was sent and what came back of it: as reflect.DeepEqual, but NaN is
// equal to NaN, since it has to come back too, and times are compared as times.
func Back(sent, came any) error {
	return compare(reflect.ValueOf(sent), reflect.ValueOf(came), "value")
}

func compare(a, b reflect.Value, path string) error {
	if a.IsValid() != b.IsValid() || a.IsValid() && a.Type() != b.Type() {
		return fmt.Errorf("%s: %v became %v", path, a, b)
	}
	if !a.IsValid() {
		return nil
	}
	if t, ok := a.Interface().(time.Time); ok {
		if !t.Equal(b.Interface().(time.Time)) {
			return fmt.Errorf("%s: %v became %v", path, a, b)
		}
		return nil
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Interface:
		if a.IsNil() != b.IsNil() {
			return fmt.Errorf("%s: %v became %v", path, a, b)
		}
		return compare(a.Elem(), b.Elem(), path)
	case reflect.Struct:
		for i := range a.NumField() {
			if field := a.Type().Field(i); field.IsExported() {
				if err := compare(a.Field(i), b.Field(i), path+"."+field.Name); err != nil {
					return err
				}
			}
		}
		return nil
	case reflect.Slice:
		if a.Len() != b.Len() {
			return fmt.Errorf("%s: %d elements became %d", path, a.Len(), b.Len())
		}
		for i := range a.Len() {
			if err := compare(a.Index(i), b.Index(i), fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Map:
		if a.Len() != b.Len() {
			return fmt.Errorf("%s: %d entries became %d", path, a.Len(), b.Len())
		}
		for _, key := range a.MapKeys() {
			if err := compare(a.MapIndex(key), b.MapIndex(key), fmt.Sprintf("%s[%v]", path, key)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Float32, reflect.Float64:
		x, y := a.Float(), b.Float()
		if x != y && (x == x || y == y) {
			return fmt.Errorf("%s: %v became %v", path, x, y)
		}
		return nil
	default:
		if a.Interface() != b.Interface() {
			return fmt.Errorf("%s: %v became %v", path, a, b)
		}
		return nil
	}
}
