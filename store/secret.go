package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// keyLength of the key that encrypts secrets, in bytes.
const keyLength = 32

// ErrWrongKey says that the database's secrets were encrypted with another key.
var ErrWrongKey = errors.New("the key does not open this database's secrets")

// KeyFromSecret derives the key from a text of the operator's (CHATLANE_SECRET).
func KeyFromSecret(secret string) ([]byte, error) {
	return hkdf.Key(sha256.New, []byte(secret), nil, "chatlane secrets at rest", keyLength)
}

// KeyFile reads the key from the file "key" in a folder, and makes it, readable by its owner only, if it is not there.
func KeyFile(dir string) ([]byte, error) {
	path := filepath.Join(dir, "key")
	key, err := os.ReadFile(path) //nolint:gosec // the operator names the folder
	if err == nil && len(key) != keyLength {
		return nil, fmt.Errorf("%s is no key: %d bytes instead of %d", path, len(key), keyLength)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	key = make([]byte, keyLength)
	_, _ = rand.Read(key)
	f, err := os.CreateTemp(dir, "key-*") // mode 0600
	if err != nil {
		return nil, err
	}
	_, err = f.Write(key)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	if err := os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) { // another process was first
		return KeyFile(dir)
	} else if err != nil {
		return nil, err
	}
	return key, syncFolder(dir)
}

// syncFolder makes a new file's name durable: a key lost in a power cut would lose what it encrypted.
func syncFolder(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // the operator names the folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// keyID stands before each ciphertext, so that a later key can be told from this one.
const keyID = 1

// sealer encrypts secrets. Each is bound to its place: moved to another row or column it does not open.
type sealer struct{ gcm cipher.AEAD }

func newSealer(key []byte) (sealer, error) {
	if len(key) != keyLength {
		return sealer{}, fmt.Errorf("the key has %d bytes instead of %d", len(key), keyLength)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	return sealer{gcm}, err
}

// where names the place of a secret. row is what finds the row again: its id, say.
func where(table string, row any, column string) []byte {
	return fmt.Appendf(nil, "%s:%v:%s", table, row, column)
}

func (s sealer) seal(text []byte, table string, row any, column string) []byte {
	return s.gcm.Seal([]byte{keyID}, nil, //nolint:gosec // this AEAD makes its own random nonce
		text, where(table, row, column))
}

// open is the text of a secret. What is sealed is never empty, not even an empty text: somebody emptied it who had no key.
func (s sealer) open(sealed []byte, table string, row any, column string) ([]byte, error) {
	if len(sealed) == 0 || sealed[0] != keyID {
		return nil, fmt.Errorf("%w (%s)", ErrWrongKey, where(table, row, column))
	}
	plain, err := s.gcm.Open(nil, nil, sealed[1:], where(table, row, column))
	if err != nil {
		return nil, fmt.Errorf("%w (%s)", ErrWrongKey, where(table, row, column))
	}
	return plain, nil
}

// checkKey compares the key with a sealed word, so that a wrong one is told at the start and not at the first call.
func (s *Store) checkKey(ctx context.Context) error {
	const name = "key check"
	sealed, err := s.Setting(ctx, name)
	if errors.Is(err, kanban.ErrNotFound) {
		return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
			return q.SetSetting(ctx, name, fmt.Sprintf("%x", s.seal.seal([]byte(name), "settings", 0, name)))
		})
	}
	if err != nil {
		return err
	}
	var raw []byte
	if _, err := fmt.Sscanf(sealed, "%x", &raw); err != nil {
		return err
	}
	_, err = s.seal.open(raw, "settings", 0, name)
	return err
}

// Setting reads a value kept by name; ErrNotFound if there is none.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	v, err := db.New(s.read).Setting(ctx, name)
	return v, found(err)
}

// SetSetting keeps a value by name.
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error { return q.SetSetting(ctx, name, value) })
}
