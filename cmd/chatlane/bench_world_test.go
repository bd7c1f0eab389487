package main_test

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store"
)

// released is the program as make build links it.
var released = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "chatlane-bench-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "chatlane")
	out, err := exec.Command("go", "build", "-trimpath", "-tags", "sqlite_fts5", "-ldflags", "-s -w", "-o", path, ".").CombinedOutput()
	if err != nil {
		return string(out), err
	}
	return path, nil
})

const (
	measuredPassword = "open sesame"
	measuredSecret   = "webhook-secret-of-24-chars"
	measuredKey      = "key"
)

// measuredLabels are the stages of the board that is measured.
var measuredLabels = []string{"novo", "qualificado", "proposta", "ganho", "perdido"}

// measured is the program as a process on a database of invented conversations. Its Chatwoot does not answer, so that nothing but
// what is measured happens.
type measured struct{ *child }

// serveMeasured starts the program with so many cards on its board, and further conversations that are not on it.
func serveMeasured(t *testing.T, cards, others int) *measured {
	t.Helper()
	m := &measured{newChild(t, "CHATWOOT_URL=http://127.0.0.1:9", "CHATWOOT_ACCOUNT_ID=1", "CHATWOOT_TOKEN=t", "CHATLANE_PASSWORD="+measuredPassword, "CHATLANE_LOG=error")}
	m.fill(cards, others)
	m.serve()
	return m
}

// serve starts the program and signs in.
func (m *measured) serve() {
	m.t.Helper()
	m.launch()
	m.signIn(measuredPassword)
}

// launch starts the program and waits until it answers; nobody has asked it for a page yet.
func (m *measured) launch() {
	m.t.Helper()
	m.spawn()
	m.ready()
}

// spawn starts the program.
func (m *measured) spawn() {
	m.t.Helper()
	path, err := released()
	require.NoError(m.t, err, path)
	m.cmd = exec.Command(path, "serve")
	m.cmd.Env, m.cmd.Stdout, m.cmd.Stderr = m.env, m.out, m.out
	require.NoError(m.t, m.cmd.Start())
	cmd := m.cmd
	m.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
}

// open opens the database while the program does not run.
func (m *measured) open() *store.Store {
	m.t.Helper()
	key, err := store.KeyFile(m.setting("CHATLANE_DATA"))
	require.NoError(m.t, err)
	s, err := store.Open(m.t.Context(), store.Options{Path: m.data("chatlane.db"), Key: key})
	require.NoError(m.t, err)
	return s
}

func (m *measured) fill(cards, others int) {
	m.t.Helper()
	ctx, s := m.t.Context(), m.open()
	defer func() { require.NoError(m.t, s.Close()) }()
	now := time.Now()
	a, err := s.SaveAccount(ctx, kanban.Account{BaseURL: "http://127.0.0.1:9", AllowPrivateNetwork: true, ChatwootID: 1, Name: "Estrela Móveis", Token: "t", CreatedAt: now})
	require.NoError(m.t, err)
	require.NoError(m.t, s.SetWebhook(ctx, a.ID, kanban.AccountWebhook{ID: 1, Key: measuredKey, Secret: measuredSecret}))
	board := kanban.Board{Account: a.ID, Name: "Vendas", Currency: "BRL", Winner: kanban.FurthestStage}
	catalog := kanban.Catalog{Inboxes: []kanban.Inbox{{ID: 1, Name: "WhatsApp", Channel: "Channel::Whatsapp"}}}
	for i, title := range measuredLabels {
		id := kanban.LabelID(i + 1)
		catalog.Labels = append(catalog.Labels, kanban.Label{ID: id, Title: title, Color: "#1f93ff"})
		board.Stages = append(board.Stages, kanban.Stage{Position: i, Label: id, Title: title, Name: title, Kind: kanban.StageOpen, Color: "#1f93ff"})
	}
	_, err = s.SaveCatalog(ctx, a.ID, catalog)
	require.NoError(m.t, err)
	_, err = s.CreateBoard(ctx, board)
	require.NoError(m.t, err)
	var snaps []kanban.Snapshot
	for i := range cards + others {
		snaps = append(snaps, kanban.Snapshot{Conversation: invented(i, i < cards), Source: kanban.FromImport, At: now, Read: true})
		if len(snaps) == 1000 || i == cards+others-1 {
			_, err := s.Apply(ctx, a.ID, snaps, nil)
			require.NoError(m.t, err)
			snaps = snaps[:0]
		}
	}
	require.NoError(m.t, s.SaveImportState(ctx, a.ID, kanban.ImportState{Page: 1, Done: cards + others, Total: cards + others, StartedAt: now, FinishedAt: now}))
}

// invented is a conversation with everything a card shows; one that is not on the board is resolved and in no stage.
func invented(i int, onBoard bool) kanban.Conversation {
	person := pick(i, 1, "Marina", "João Pedro", "Lucía", "Oliver", "Camila", "Rafael", "Inés", "Beatriz", "Tomás", "Helena", "Gustavo") + " " +
		pick(i, 3, "Alves", "Farias", "Fernández", "Grant", "Duarte", "Nogueira", "Robles", "Siqueira", "Prado", "Vidal", "Moura", "Teles", "Quiroga")
	text := pick(i, 5, "Bom dia!", "Boa tarde, tudo bem?", "Hola,", "Hi there,", "Oi,", "Buenas,", "Então,") + " " +
		pick(i, 7, "vocês entregam no sábado", "¿me pueden mandar las medidas de la mesa", "the second quote looks better", "pode mandar o link do pagamento",
			"fechei com o meu sócio ontem", "necesito la factura a nombre de la empresa", "a cor do sofá veio diferente da foto", "can we talk on Monday",
			"quanto fica com o frete para Olinda", "todavía no recibí el código de seguimiento", "queria trocar a cadeira pela maior") + " " +
		pick(i, 11, "até amanhã?", "por favor.", "antes do dia 10?", "when you have a minute?", "ou só semana que vem?", "gracias.", "e o prazo?", "cuando puedan.") +
		fmt.Sprintf(" (pedido %d)", 7919*i%100_003)
	at := time.Now().Add(-time.Duration(i) * time.Minute).Truncate(time.Second)
	c := kanban.Conversation{
		Account: 1, ID: kanban.ConversationID(i + 1), Version: at.UnixMicro(), InboxID: 1, Channel: "Channel::Whatsapp", Status: kanban.StatusOpen,
		AssigneeID: 1, AssigneeName: "Bruno Reis", UnreadCount: i % 3, CanReply: true, CreatedAt: at.Add(-time.Hour), LastActivityAt: at, WaitingSince: at,
		Contact:    kanban.Contact{ID: kanban.ContactID(i + 1), Name: person, Phone: fmt.Sprintf("+55119%08d", 104_729*i%100_000_000)},
		Labels:     []string{measuredLabels[i%len(measuredLabels)], "vip"},
		Attributes: fmt.Sprintf(`{"deal_value":%d.5}`, 300+613*i%9000),
		LastMessage: kanban.Message{
			ID: int64(i + 1), Text: text, Kind: kanban.MessageIncoming, Sender: person, At: at,
		},
	}
	if !onBoard {
		c.Status, c.Labels = kanban.StatusResolved, []string{"antigo"}
	}
	return c
}

// pick chooses one of some words; another factor makes another order.
func pick(i, factor int, words ...string) string { return words[(i*factor+i/7)%len(words)] }

// cpu is how many seconds of processor time the process has used.
func (m *measured) cpu() float64 { return processorSeconds(m.cmd.Process.Pid) }

// processorSeconds is what all threads of a process have used; NaN when it cannot be read.
func processorSeconds(pid int) float64 {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(tasks) == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, task := range tasks {
		var ns float64
		text, err := os.ReadFile(task)
		if err != nil {
			continue // the thread ended, which Go's rarely do
		}
		_, _ = fmt.Sscan(string(text), &ns)
		sum += ns
	}
	return sum / 1e9
}

// memory is how many bytes of the process are in memory, and how many were at most.
func (m *measured) memory() (now, most float64) {
	m.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", m.cmd.Process.Pid))
	require.NoError(m.t, err)
	for line := range strings.Lines(string(text)) {
		_, _ = fmt.Sscanf(line, "VmRSS: %f kB", &now)
		_, _ = fmt.Sscanf(line, "VmHWM: %f kB", &most)
	}
	return now * 1024, most * 1024
}

// cookie is what a signed-in browser sends.
func (m *measured) cookie() string {
	m.t.Helper()
	r, err := http.NewRequestWithContext(m.t.Context(), http.MethodGet, m.address("/"), nil)
	require.NoError(m.t, err)
	var parts []string
	for _, c := range m.people.Jar.Cookies(r.URL) {
		parts = append(parts, c.Name+"="+c.Value)
	}
	return strings.Join(parts, "; ")
}
