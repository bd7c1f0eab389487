//go:build !unix

package store

import "os"

// lockFile does nothing: systems other than Unix know no lock that ends with its process in the standard library. SQLite still keeps two
// processes from writing at once; that only one runs is the operator's care there.
func lockFile(*os.File) error { return nil }
