package session

import (
	"reflect"
	"time"
)

// same compares states; functions do not compare.
func same(a, b State) bool {
	a.Options.Fits, b.Options.Fits = nil, nil
	return reflect.DeepEqual(a, b)
}

// deepCopy copies a state with everything that it points to, but for times,
// functions and pictures, which nobody writes to.
func deepCopy(s State) State {
	return clone(reflect.ValueOf(s)).Interface().(State)
}

func clone(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Slice:
		if v.IsNil() {
			return out
		}
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(clone(v.Index(i)))
		}
	case reflect.Map:
		if v.IsNil() {
			return out
		}
		out.Set(reflect.MakeMap(v.Type()))
		for k, e := range v.Seq2() {
			out.SetMapIndex(k, clone(e))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if out.Field(i).CanSet() && v.Type() != reflect.TypeFor[time.Time]() {
				out.Field(i).Set(clone(v.Field(i)))
			}
		}
	}
	return out
}
