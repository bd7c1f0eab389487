package templates_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/templates"
)

func boardPage(t *testing.T, loc templates.Locale, perStage int) string {
	t.Helper()
	return draw(t, templates.BoardPage(templates.NewBoardPage(loc, sampleFrame(loc, templates.ThemeSystem), sampleStages(loc, perStage, time.Now()))))
}

func TestColumnsHaveTheirPublicNames(t *testing.T) {
	t.Parallel()
	doc := parse(t, boardPage(t, portuguese, 3))

	require.Equal(t, 6, doc.Find(".stage").Length())
	require.Equal(t, "proposta", doc.Find("#stage-3").AttrOr("data-label", "none"))
	require.Empty(t, doc.Find("#stage-0").AttrOr("data-label", "none"), "No stage stands for no label")
	require.Equal(t, "Sem etapa", doc.Find("#stage-0 h2").Text())
	require.Equal(t, 1, doc.Find("#stage-3-head").Length())
	require.Equal(t, 3, doc.Find("#stage-3 ol#stage-3-cards > li.card").Length())
	require.Equal(t, "/boards/1/stages/3?after=cursor", doc.Find("#stage-3 .stage__more").AttrOr("hx-get", ""))
	require.Equal(t, 1, doc.Find(`#stage-1 .card[tabindex="0"]`).Length(), "the tab key reaches one card of a column")
}

func TestPagesNeedNoExceptionFromTheContentSecurityPolicy(t *testing.T) {
	t.Parallel()
	frame := sampleFrame(english, templates.ThemeDark)
	pages := map[string]string{
		"board":   boardPage(t, english, 5),
		"sign-in": draw(t, templates.SignInPage(templates.SignInView{Frame: frame, PasswordSet: true, Error: "no"})),
		"connect": draw(t, templates.ConnectPage(templates.ConnectView{Frame: frame, Step: templates.ConnectAddress})),
		"setup": draw(t, templates.SetupPage(templates.SetupView{
			Frame: frame, Labels: []templates.ConnectLabelView{templates.NewConnectLabel(kanban.Label{ID: 1, Title: "ganho"}, true)},
			Plans: templates.NewPlans(english, templates.PlanSales, true), Boards: []templates.SetupBoard{{Name: "Sales"}}, Unsigned: true,
		})),
		"health": draw(t, templates.HealthPage(templates.NewHealthPage(english, frame, "v1", []templates.Health{{}}))),
		"error":  draw(t, templates.ErrorPage(templates.ErrorView{Frame: frame, Status: 404})),
	}
	handler := regexp.MustCompile(`^on[a-z]+$`)
	for name, html := range pages {
		doc := parse(t, html)
		require.Zero(t, doc.Find("style, [style]").Length(), name)
		require.Zero(t, doc.Find("script:not([src])").Length(), name)
		require.Zero(t, doc.Find("[hx-on], [href^='javascript:'], [hx-vals^='js:']").Length(), name)
		for _, n := range doc.Find("*").Nodes {
			for _, a := range n.Attr {
				require.False(t, handler.MatchString(a.Key), "%s: %s", name, a.Key)
			}
		}
		ids := map[string]bool{}
		for _, n := range doc.Find("[id]").Nodes {
			for _, a := range n.Attr {
				if a.Key == "id" {
					require.False(t, ids[a.Val], "%s: id %s is there twice", name, a.Val)
					ids[a.Val] = true
				}
			}
		}
	}
}

func TestStageHead(t *testing.T) {
	t.Parallel()
	b := sampleBoard()
	head := func(loc templates.Locale, s kanban.Stage, total kanban.Total) templates.StageHeadView {
		return templates.NewStageHead(loc, b, s, total)
	}
	v := head(portuguese, b.Stages[1], kanban.Total{Count: 1234, Value: 48_000_000, Valued: 12, Conflicts: 2})
	require.Equal(t, "1.234", v.Count)
	require.Equal(t, "R$\u00a048.000", v.Sum)
	require.Contains(t, v.SumTitle, "R$\u00a019.200 a 40%")
	require.Equal(t, "2 cards em duas etapas", v.Conflicts)

	require.Equal(t, "full", head(english, b.Stages[2], kanban.Total{Count: 10}).Limit)
	require.Equal(t, "over", head(english, b.Stages[2], kanban.Total{Count: 11}).Limit)
	require.Equal(t, "11/10", head(english, b.Stages[2], kanban.Total{Count: 11}).Count)
	require.Equal(t, "9 cards, limit 10", head(english, b.Stages[2], kanban.Total{Count: 9}).CountText)
	require.Equal(t, "10 cards, the limit of 10 is reached", head(english, b.Stages[2], kanban.Total{Count: 10}).CountText, "not by colour alone")
	require.Equal(t, "12 cards, 2 above the limit of 10", head(english, b.Stages[2], kanban.Total{Count: 12}).CountText)

	gone := b.Stages[0]
	gone.LabelGone = true
	require.Contains(t, head(english, gone, kanban.Total{}).Gone, "novo")

	doc := parse(t, draw(t, templates.StageHeads([]templates.StageHeadView{v})))
	require.Equal(t, "morph", doc.Find("#stage-2-head").AttrOr("hx-swap-oob", ""))
}

func TestBoardStylesheetTakesOnlyColours(t *testing.T) {
	t.Parallel()
	b, cat := sampleBoard(), sampleCatalog()
	b.Stages[0].Color = "red;}body{display:none"
	b.Stages[1].Color = "#12g456"
	cat.Labels = append(cat.Labels, kanban.Label{ID: 99, Title: "x", Color: `#fff"}*{`}, kanban.Label{ID: 98, Title: "y", Color: "#abc"})

	css := string(templates.BoardStylesheet(b, cat))

	require.NotContains(t, css, "body")
	require.NotContains(t, css, `[data-stage-color="1"]`)
	require.NotContains(t, css, `[data-stage-color="2"]`)
	require.NotContains(t, css, ".label-99")
	require.Contains(t, css, ".label-98{--label-color:#abc}")
	require.NotEqual(t, templates.StylesheetVersion(sampleBoard(), cat), templates.StylesheetVersion(b, cat))
}

func TestConnectionPill(t *testing.T) {
	t.Parallel()
	v := templates.NewConnection(spanish, kanban.Connection{Mode: kanban.ConnectionDown, Trouble: "trouble.token", LastSync: time.Now().Add(-12 * time.Minute), MovesWaiting: 3, Import: kanban.ImportState{FinishedAt: time.Now()}})
	doc := parse(t, draw(t, templates.ConnectionNews(v)))
	pill := doc.Find("#connection")
	require.Equal(t, "down", pill.AttrOr("data-state", ""))
	require.Contains(t, pill.Text(), "3 movimientos en espera")
	require.Equal(t, "12 min", pill.Find("time").Text())
	require.Contains(t, pill.Find(".pill__text").AttrOr("title", ""), "token")
	require.Zero(t, doc.Find("#import progress").Length())

	v = templates.NewConnection(english, kanban.Connection{Mode: kanban.ConnectionImporting, Import: kanban.ImportState{Done: 1250, Total: 5000}})
	bar := parse(t, draw(t, templates.ConnectionNews(v))).Find("#import")
	require.Contains(t, bar.Text(), "1,250 of 5,000")
	require.Equal(t, "1250", bar.Find("progress").AttrOr("value", ""))
}

func TestEmptyBoardSaysWhatToDo(t *testing.T) {
	t.Parallel()
	doc := parse(t, boardPage(t, english, 0))
	require.Contains(t, doc.Find(".board__empty").Text(), "No conversations here yet")
	require.Equal(t, "#stage-0", doc.Find("#stage-5 .stage__empty a").AttrOr("href", ""))
}
