package chatwoottest_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recordedFrame is one line of cable.jsonl.
type recordedFrame struct {
	At              float64
	Step, As, Frame string
}

// frame is one event of a stream.
type frame struct {
	call  int // it followed
	as    string
	event string
	data  map[string]any
}

// notTold are events that are not simulated, and of no use to a board.
var notTold = []string{"presence.update", "notification.created", "notification.updated", "notification.deleted"}

// framesNotCompared are steps whose frames tell of what nobody does here.
var framesNotCompared = map[string]string{
	"contact reads":  "the customer's side of the website widget is not simulated",
	"team deleted 3": "an unrecorded call put an agent into an inbox",
	"inbox deleted":  "what came after was not listened to",
	"race":           "which of two writes at once tells of its labels is chance", "race 2": "as above",
}

// parseFrame reads the event of a frame; false for pings and the like.
func (w *world) parseFrame(as, raw string) (frame, bool) {
	parsed, _ := exact(w.tokens.Replace(raw)).(map[string]any)
	message, isEvent := parsed["message"].(map[string]any)
	if !isEvent {
		return frame{}, false
	}
	f := frame{as: as, event: message["event"].(string), data: message["data"].(map[string]any)}
	return f, !slices.Contains(notTold, f.event)
}

// cable is one subscribed stream.
type cable struct {
	conn      *websocket.Conn
	subscribe []byte
}

// listen subscribes somebody under the name that the recording gives them.
func (w *world) listen(as, token string) {
	w.t.Helper()
	status, profile := client{w.t, w.s, token}.do("GET", "/api/v1/profile", nil)
	require.Equal(w.t, 200, status)
	conn, _, err := websocket.Dial(w.t.Context(), w.s.URL()+"/cable", &websocket.DialOptions{Subprotocols: []string{"actioncable-v1-json"}})
	require.NoError(w.t, err)
	conn.SetReadLimit(1 << 22)
	w.t.Cleanup(func() { _ = conn.CloseNow() })
	identifier := fmt.Sprintf(`{"channel":"RoomChannel","pubsub_token":%q,"account_id":1,"user_id":%v}`, dig(w.t, profile, "pubsub_token"), dig(w.t, profile, "id"))
	subscribe, err := json.Marshal(map[string]string{"command": "subscribe", "identifier": identifier})
	require.NoError(w.t, err)
	w.cables[as] = &cable{conn, subscribe}
	w.overhear(-1)
}

// overhear takes what the streams have told by now: a second subscription is
// confirmed behind it.
func (w *world) overhear(call int) {
	w.t.Helper()
	for as, c := range w.cables {
		require.NoError(w.t, c.conn.Write(w.t.Context(), websocket.MessageText, c.subscribe))
		for {
			_, text, err := c.conn.Read(w.t.Context())
			require.NoError(w.t, err)
			if strings.Contains(string(text), `"confirm_subscription"`) {
				break
			}
			if f, isEvent := w.parseFrame(as, string(text)); isEvent {
				f.call = call
				w.frames = append(w.frames, f)
			}
		}
	}
}

// compareFrames compares what was told between two pauses of the recording with
// what the simulator told after the same calls: the same events to the same
// people, and of the same shape.
func (w *world) compareFrames(calls []recordedCall, recorded []recordedFrame) {
	w.t.Helper()
	compared := 0
	listening := slices.IndexFunc(calls, func(c recordedCall) bool { return c.At > recorded[0].At })
	for start := listening; start < len(calls); {
		end := pauseAfter(calls, start)
		from, to := calls[start].At, 1e9
		if end < len(calls) {
			to = calls[end].At
		}
		compared += w.compareFramesOf(calls[start].Name, w.framesTold(recorded, from, to), w.framesMade(start, end))
		start = end
	}
	require.Greater(w.t, compared, 20)
}

func (w *world) framesMade(start, end int) []frame {
	return slices.DeleteFunc(slices.Clone(w.frames), func(f frame) bool { return f.call < start || f.call >= end || w.cables[f.as] == nil })
}

// framesTold is empty of steps that nobody does here.
func (w *world) framesTold(recorded []recordedFrame, from, to float64) []frame {
	told := []frame{}
	for _, one := range recorded {
		if one.At < from || one.At >= to {
			continue
		}
		if slices.Contains(cutSteps, one.Step) || notSimulatedSteps[one.Step] != "" || framesNotCompared[one.Step] != "" {
			return nil
		}
		if f, isEvent := w.parseFrame(one.As, one.Frame); isEvent {
			told = append(told, f)
		}
	}
	return told
}

func (w *world) compareFramesOf(after string, told, made []frame) int {
	w.t.Helper()
	if told == nil {
		return 0
	}
	if !assert.Equal(w.t, frameNames(told), frameNames(made), "streams after %s", after) {
		return 0
	}
	for i := range told {
		for _, d := range diff("", told[i].data, made[i].data) {
			if !d.value && !untold(d) {
				assert.Fail(w.t, "stream after "+after+": "+frameNames(told)[i]+" "+d.path+": "+d.problem)
			}
		}
	}
	return len(told)
}

// untold are differences that are known and meant: who did it, what a message
// was before, and what is null or not by the moment at which it was sent.
func untold(d difference) bool {
	return strings.HasPrefix(d.path, "performer") || strings.HasPrefix(d.path, "previous_changes") || strings.Contains(d.problem, "null")
}

// frameNames sorts frames, whose order is free, by what they tell.
func frameNames(frames []frame) []string {
	name := func(f frame) string {
		return fmt.Sprint(f.as, " ", f.event, " ", f.data["message_type"], f.data["private"], f.data["sender_type"])
	}
	slices.SortStableFunc(frames, func(a, b frame) int { return cmp.Compare(name(a), name(b)) })
	names := []string{}
	for _, f := range frames {
		names = append(names, name(f))
	}
	return names
}
