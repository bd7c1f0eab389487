package store

import (
	"encoding/json"
	"sync"

	"github.com/chatlane/chatlane/kanban"
)

// facesKept bounds each of the two generations, some 2 KB a face: the first screens of a dozen boards stay.
const facesKept = 2048

// faces remembers what the JSON of cards meant, because reading it costs more than fetching it. An entry is used only while the text is
// the very same, so nothing has to be told of changes. Conversations from it are shared and must not be changed.
type faces struct {
	mu         sync.Mutex
	young, old map[faceKey]*readFace
}

type faceKey struct {
	account      kanban.AccountID
	conversation kanban.ConversationID
}

type readFace struct {
	text         string
	conversation kanban.Conversation
	keys         kanban.DealKeys
	deal         kanban.Deal
}

// read is the conversation that a face shows, and its deal. Nil faces remember nothing.
func (f *faces) read(key faceKey, text []byte, keys kanban.DealKeys) (*readFace, error) {
	if f == nil {
		return readAs(key, text, keys)
	}
	if r := f.find(key); r != nil && r.text == string(text) && r.keys == keys {
		return r, nil
	}
	r, err := readAs(key, text, keys)
	if err != nil {
		return nil, err
	}
	r.text = string(text)
	f.keep(key, r)
	return r, nil
}

func readAs(key faceKey, text []byte, keys kanban.DealKeys) (*readFace, error) {
	r := &readFace{keys: keys}
	if err := json.Unmarshal(text, &r.conversation); err != nil {
		return nil, err
	}
	r.conversation.Account, r.conversation.ID = key.account, key.conversation
	r.deal = kanban.DealOf(r.conversation.Attributes, keys)
	return r, nil
}

func (f *faces) find(key faceKey) *readFace {
	f.mu.Lock()
	defer f.mu.Unlock()
	r, ok := f.young[key]
	if !ok {
		if r, ok = f.old[key]; ok {
			f.put(key, r)
		}
	}
	return r
}

func (f *faces) keep(key faceKey, r *readFace) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.put(key, r)
}

// put adds to the young generation; when that is full, what nobody has read since the last time is dropped.
func (f *faces) put(key faceKey, r *readFace) {
	if f.young == nil || len(f.young) >= facesKept {
		f.old, f.young = f.young, make(map[faceKey]*readFace)
	}
	f.young[key] = r
}
