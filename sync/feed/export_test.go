package feed

// NewMemory is the board of the tests, for feedtest.
func NewMemory() Board { return &memory{} }
