package chatwoot

import (
	"fmt"
	"log/slog"
)

// Secret is a token or key. It prints and marshals as [hidden]; string(s) is the way to the value.
type Secret string

const hidden = "[hidden]"

// Format hides the value from every verb of package fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// LogValue hides the value from logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON hides the value.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + hidden + `"`), nil }
