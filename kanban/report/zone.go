package report

import (
	"time"
	_ "time/tzdata" // the image of the program has no zones of its own
)

// Zone finds a time zone by its name, such as "America/Sao_Paulo". What is unknown is UTC.
func Zone(name string) *time.Location {
	if name == "" || name == "Local" || len(name) > 64 {
		return time.UTC
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}
