package chatwoottest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/chatwoot/chatwoottest"
)

func TestSampleIsTheSameForASeed(t *testing.T) {
	t.Parallel()
	labels := func(seed int64) (all []any) {
		s := chatwoottest.New(chatwoottest.Options{Seed: seed, Conversations: 300})
		for _, v := range s.Conversations() {
			all = append(all, v.ContactName, v.Labels, v.Status, v.Messages)
		}
		return append(all, s.AdminToken())
	}
	once, again := labels(7), labels(7)
	require.Equal(t, once, again)
	require.NotEqual(t, labels(7), labels(8))
}

func TestSampleIsABelievableBusiness(t *testing.T) {
	t.Parallel()
	s := chatwoottest.New(chatwoottest.Options{Seed: 1, Conversations: 600})
	count := map[string]int{}
	for i, v := range s.Conversations() {
		require.EqualValues(t, i+1, v.ID)
		require.False(t, v.LastActivity.IsZero())
		count[v.Status]++
		count["labels"] += min(1, len(v.Labels))
		count["valued"] += map[bool]int{true: 1}[v.Custom["deal_value"] != nil]
		count["unread"] += min(1, v.Unread)
		count["assigned"] += map[bool]int{true: 1}[v.AssigneeID != 0]
		stages := 0
		for _, title := range v.Labels {
			count[title]++
			stages += map[string]int{"novo": 1, "qualificado": 1, "proposta": 1, "ganho": 1, "perdido": 1}[title]
		}
		require.LessOrEqual(t, stages, 1)
	}
	require.Greater(t, count["open"], 400)
	require.InDelta(t, 510, count["labels"], 80)
	require.Greater(t, count["valued"], 300)
	require.Greater(t, count["unread"], 100)
	for _, title := range []string{"novo", "qualificado", "proposta", "ganho", "perdido", "vip", "urgente", "orçamento"} {
		require.Greater(t, count[title], 15, title)
	}
	require.Len(t, s.Users(), 6)
	require.Len(t, s.Admins(), 2)
}

func BenchmarkFiftyThousandConversations(b *testing.B) {
	for b.Loop() {
		chatwoottest.New(chatwoottest.Options{Seed: 1, Conversations: 50_000})
	}
}

func BenchmarkPageOfFiftyThousand(b *testing.B) {
	s := chatwoottest.New(chatwoottest.Options{Seed: 1, Conversations: 50_000})
	for _, one := range []struct{ name, query string }{
		{"first", "status=all&sort_by=created_at_asc"},
		{"deep", "status=all&sort_by=created_at_asc&page=1900"},
		{"open", ""},
		{"label", "status=all&labels[]=proposta"},
	} {
		b.Run(one.name, func(b *testing.B) {
			for b.Loop() {
				get(b, s, "/api/v1/accounts/1/conversations?"+one.query)
			}
		})
	}
}
