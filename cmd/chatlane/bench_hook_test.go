package main_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot"
	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

// updateText is a conversation_updated as Chatwoot sends it (2 KB), with another last message and another version each time.
const updateText = `{"additional_attributes":{},"can_reply":true,"channel":"Channel::Whatsapp","contact_inbox":{"id":2,"contact_id":%[1]d,"inbox_id":1,` +
	`"source_id":"555bda5b-7915-4442-94c2-b8cffd37858d","created_at":"2026-11-23T01:40:31.152Z","updated_at":"2026-11-23T01:40:31.152Z",` +
	`"hmac_verified":false,"pubsub_token":"akDa2hEmf1J3dHReM1FcV2Xo"},"id":%[1]d,"inbox_id":1,"messages":[{"id":%[2]d,` +
	`"content":"Recado número %[2]d: obrigado pelo contato, já estamos separando o seu pedido.","account_id":1,"inbox_id":1,"conversation_id":%[1]d,` +
	`"message_type":0,"created_at":%[3]d,"updated_at":"2026-11-23T01:40:31.282Z","private":false,"status":"sent","source_id":null,` +
	`"content_type":"text","content_attributes":{},"sender_type":"Contact","sender_id":2,"external_source_ids":{},"additional_attributes":{},` +
	`"processed_message_content":"Recado","sentiment":{},"conversation":{"assignee_id":null,"unread_count":0,"last_activity_at":%[3]d,` +
	`"contact_inbox":{"source_id":"555bda5b-7915-4442-94c2-b8cffd37858d"}},"sender":{"id":2,"name":"Marina Alves","type":"contact","thumbnail":""}}],` +
	`"labels":["%[5]s","vip"],"meta":{"sender":{"additional_attributes":{"city":"Recife","company_name":"Cliente Ltda"},` +
	`"custom_attributes":{"porte":"media","segmento":"varejo"},"email":"marina@cliente.example","id":%[1]d,"identifier":"crm-17",` +
	`"name":"Marina Alves","phone_number":"+5511988887777","thumbnail":"","blocked":false,"type":"contact"},"assignee":null,"assignee_type":null,` +
	`"team":null,"hmac_verified":false},"status":"open","custom_attributes":{"deal_value":1500},"snoozed_until":null,"unread_count":1,` +
	`"priority":null,"waiting_since":%[3]d,"agent_last_seen_at":0,"contact_last_seen_at":0,"last_activity_at":%[3]d,"timestamp":%[3]d,` +
	`"created_at":1795398031,"updated_at":%[4]s,"account":{"id":1,"name":"Estrela Moveis"},"event":"conversation_updated",` +
	`"changed_attributes":[{"updated_at":{"previous_value":"2026-11-23T01:40:31.349Z","current_value":"2026-11-23T01:40:31.479Z"}}]}`

// hooks makes deliveries: each is news of one of the conversations in turn.
type hooks struct {
	conversations, made int
	base                time.Time
}

func newHooks(conversations int) *hooks {
	return &hooks{conversations: conversations, base: time.Now()}
}

// body is the next delivery's. Its number is the id of the message in it, from 1 000 001 on.
func (h *hooks) body() []byte {
	h.made++
	at := h.base.Add(time.Duration(h.made) * 10 * time.Microsecond)
	version := fmt.Sprintf("%d.%06d", at.Unix(), at.Nanosecond()/1000)
	n := h.made % h.conversations
	return fmt.Appendf(nil, updateText, n+1, 1_000_000+h.made, at.Unix(), version, measuredLabels[n%len(measuredLabels)])
}

// request is a whole signed HTTP request, ready to be written.
func request(host, path string, body []byte) []byte {
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n%s: %s\r\n%s: %s\r\nContent-Length: %d\r\n\r\n",
		path, host, chatwoot.HeaderTimestamp, stamp, chatwoot.HeaderSignature, chatwoottest.Sign(measuredSecret, stamp, body), len(body))
	return append([]byte(head), body...)
}

func (h *hooks) requests(host, path string, n int) [][]byte {
	out := make([][]byte, 0, n)
	for range n {
		out = append(out, request(host, path, h.body()))
	}
	return out
}

// sender is a connection that sends requests one after the other. It is no http.Client: that one costs more than the server it measures.
type sender struct {
	conn    net.Conn
	answers *bufio.Reader
}

func newSender(t *testing.T, address string) *sender {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	return &sender{conn, bufio.NewReader(conn)}
}

// send returns the seconds until the answer, which has to be a 204.
func (s *sender) send(request []byte) (float64, error) {
	begun := time.Now()
	if _, err := s.conn.Write(request); err != nil {
		return 0, err
	}
	status, err := s.answers.ReadString('\n')
	if err != nil {
		return 0, err
	}
	for {
		line, err := s.answers.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			break
		}
	}
	if !strings.Contains(status, " 204 ") {
		return 0, fmt.Errorf("answer %q", status)
	}
	return time.Since(begun).Seconds(), nil
}

// sendAll shares requests among so many connections. It returns how long all took together and each of them.
func sendAll(t *testing.T, address string, connections int, requests [][]byte) (all float64, each []float64) {
	t.Helper()
	parts := make([][]float64, connections)
	senders := make([]*sender, connections)
	for i := range senders {
		senders[i] = newSender(t, address)
	}
	var done sync.WaitGroup
	begun := time.Now()
	for i, s := range senders {
		done.Go(func() {
			for n := i; n < len(requests); n += connections {
				took, err := s.send(requests[n])
				if err != nil {
					t.Errorf("delivery %d: %v", n, err)
					return
				}
				parts[i] = append(parts[i], took)
			}
		})
	}
	done.Wait()
	all = time.Since(begun).Seconds()
	for i, p := range parts {
		each = append(each, p...)
		_ = senders[i].conn.Close()
	}
	require.Len(t, each, len(requests), "each is answered")
	return all, each
}
