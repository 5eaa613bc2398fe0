package session

import "reflect"

// same compares states; functions do not compare.
func same(a, b State) bool {
	a.Options.Fits, b.Options.Fits = nil, nil
	return reflect.DeepEqual(a, b)
}
