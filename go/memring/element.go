package memring

import (
	"reflect"
)

// checkEntry refuses a type whose values can't lie in memory that another process writes, and names the field.
func checkEntry(t reflect.Type) error {
	if size := t.Size(); size < 1 || size > entrySizeMax {
		return errInvalidOption.because("%v takes %d bytes: an entry has 1 to %d", t, size, entrySizeMax)
	}
	return checkField(t.String(), t)
}

func checkField(path string, t reflect.Type) error {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			field := t.Field(i)
			if err := checkField(path+"."+field.Name, field.Type); err != nil {
				return err
			}
		}
	case reflect.Array:
		return checkField(path+"[]", t.Elem())
	case reflect.Bool:
		// A bool that is neither 0 nor 1 breaks what the compiler takes for granted.
		return errInvalidOption.because("%s is a bool, which the peer may make neither true nor false: take a uint8", path)
	case reflect.Pointer, reflect.UnsafePointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.String, reflect.Chan, reflect.Func:
		return errInvalidOption.because("%s is a %v, which holds a pointer: an entry has a fixed size and no pointers", path, t.Kind())
	}
	return nil
}
