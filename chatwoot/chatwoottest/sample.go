package chatwoottest

type sample struct{}

func newSample(*tx, *account) *sample { return &sample{} }
func (*sample) fill(int)              {}
