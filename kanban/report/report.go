package report

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/chatlane/chatlane/kanban"
)

// Facts is what reports need of the database. Every answer is limited to what the question's viewer may see.
type Facts interface {
	Groups(context.Context, Question, Span) ([]Group, error)
	Came(context.Context, Question, []Span) ([]Came, error)
	Entered(context.Context, Question, []Span) ([]Entered, error)
	Undated(context.Context, Question) ([]Entered, error)
	Held(context.Context, Question) ([]Held, error)
	Stays(context.Context, Question, []Span) ([]map[kanban.StageID]Stays, error)
	Cycles(context.Context, Question, Span) ([]time.Duration, error)
	ReportCards(ctx context.Context, a Question, s Selection, skip, limit int) ([]Card, int, error)
	Forecast(ctx context.Context, a Question, month string, on time.Time) (amount kanban.Amount, ok bool, err error)
	Goal(ctx context.Context, b kanban.BoardID, month string) (goal kanban.Amount, ok bool, err error)
	HidesAgents(context.Context, kanban.BoardID) (bool, error)
}

// Report is a board's funnel in a period, beside the period before.
type Report struct {
	Period Period
	Funnel Funnel
	// FunnelBefore and the other fields that end so are of the period before.
	FunnelBefore  Funnel
	Results       Results
	ResultsBefore Results
	Cycle         Durations
	CycleBefore   Durations
	Stages        []StageTime
	StagesBefore  []StageTime
	// Undated is what was won or lost before Chatlane was connected: it belongs to no period.
	Undated  Results
	Steps    []Span
	Grain    Grain
	Trend    []Results
	Pipeline Pipeline
	// Agents is nil where the viewer may not see it.
	Agents []AgentResults
	// Stalled are the cards that are in their stage for longest, StalledCount how many are stalled.
	Stalled      []Card
	StalledCount int
	// Pace is how the month under way stands against its goal; nil without a goal, and for whoever sees only a part of the board.
	Pace *Pace
}

// stalledShown is how many stalled cards a report names.
const stalledShown = 10

// Of works out a report.
func Of(ctx context.Context, f Facts, q Question, p Period) (Report, error) {
	r := Report{Period: p}
	r.Steps, r.Grain = p.Steps()
	// Each part writes fields of its own, so two processors share the work.
	g, ctx := errgroup.WithContext(ctx)
	for _, part := range []func(context.Context, Facts, Question) error{r.stages, r.cycles, r.funnels, r.results, r.stalled, r.pace} {
		g.Go(func() error { return part(ctx, f, q) })
	}
	err := g.Wait()
	return r, err
}

func (r *Report) funnels(ctx context.Context, f Facts, q Question) error {
	for span, funnel := range map[Span]*Funnel{r.Period.Span: &r.Funnel, r.Period.Before: &r.FunnelBefore} {
		groups, err := f.Groups(ctx, q, span)
		if err != nil {
			return err
		}
		*funnel = FunnelOf(q.Board, groups)
	}
	return nil
}

func (r *Report) results(ctx context.Context, f Facts, q Question) error {
	came, entered, err := counted(ctx, f, q, r.Steps)
	if err != nil {
		return err
	}
	r.Results, r.Trend = ResultsOf(q.Board, came, entered), TrendOf(q.Board, len(r.Steps), came, entered)
	held, err := f.Held(ctx, q)
	if err != nil {
		return err
	}
	r.Pipeline = PipelineOf(q.Board, held, q.Now)
	if err := r.wonByMonth(ctx, f, q); err != nil {
		return err
	}
	r.Agents = AgentsOf(q.Board, came, entered, held)
	if came, entered, err = counted(ctx, f, q, []Span{r.Period.Before}); err != nil {
		return err
	}
	r.ResultsBefore = ResultsOf(q.Board, came, entered)
	undated, err := f.Undated(ctx, q)
	r.Undated = ResultsOf(q.Board, nil, undated)
	if err != nil {
		return err
	}
	return errors.Join(r.hideAgents(ctx, f, q), r.pipeline(ctx, f, q))
}

func counted(ctx context.Context, f Facts, q Question, spans []Span) ([]Came, []Entered, error) {
	came, err := f.Came(ctx, q, spans)
	if err != nil {
		return nil, nil, err
	}
	entered, err := f.Entered(ctx, q, spans)
	return came, entered, err
}

// hideAgents leaves an agent only their own figures where administrators want it so.
func (r *Report) hideAgents(ctx context.Context, f Facts, q Question) error {
	hide, err := f.HidesAgents(ctx, q.Board.ID)
	if err != nil || !hide || q.Viewer.SeesAll() {
		return err
	}
	own := r.Agents
	r.Agents = nil
	for _, a := range own {
		if a.Agent != 0 && a.Agent == q.Viewer.ID {
			r.Agents = append(r.Agents, a)
		}
	}
	return nil
}

func (r *Report) stages(ctx context.Context, f Facts, q Question) error {
	stays, err := f.Stays(ctx, q, []Span{r.Period.Span, r.Period.Before})
	if err != nil {
		return err
	}
	r.Stages, r.StagesBefore = StageTimes(q.Board, stays[0]), StageTimes(q.Board, stays[1])
	return nil
}

func (r *Report) cycles(ctx context.Context, f Facts, q Question) error {
	for span, cycle := range map[Span]*Durations{r.Period.Span: &r.Cycle, r.Period.Before: &r.CycleBefore} {
		all, err := f.Cycles(ctx, q, span)
		if err != nil {
			return err
		}
		*cycle = DurationsOf(all)
	}
	return nil
}

func (r *Report) wonByMonth(ctx context.Context, f Facts, q Question) error {
	months := recentMonths(q.Now)
	entered, err := f.Entered(ctx, q, months)
	r.Pipeline.won(q.Board, months, entered)
	return err
}

// pipeline adds to what is forecast what had been forecast before. Months that are over and of which there is nothing to tell are left out.
func (r *Report) pipeline(ctx context.Context, f Facts, q Question) error {
	for i := range r.Pipeline.Months {
		m := &r.Pipeline.Months[i]
		if m.Month == Undated {
			continue
		}
		var err error
		if m.Earlier, m.HasEarlier, err = f.Forecast(ctx, q, m.Month, Recorded(m.Month, q.Now)); err != nil {
			return err
		}
	}
	r.Pipeline.Months = slices.DeleteFunc(r.Pipeline.Months, func(m MonthForecast) bool { return m.Over(q.Now) && !m.HasEarlier && m.Won.Count == 0 })
	return nil
}

func (r *Report) stalled(ctx context.Context, f Facts, q Question) (err error) {
	r.Stalled, r.StalledCount, err = f.ReportCards(ctx, q, Stalled(q.Board, q.Now), 0, stalledShown)
	return err
}

func (r *Report) pace(ctx context.Context, f Facts, q Question) error {
	month := MonthAt(q.Now)
	goal, ok, err := f.Goal(ctx, q.Board.ID, month.From.Format(MonthLayout))
	if err != nil || !ok || !q.Viewer.SeesAll() || q.Filter != (Filter{}) {
		return err
	}
	entered, err := f.Entered(ctx, q, []Span{month})
	pace := PaceOf(month, goal, ResultsOf(q.Board, nil, entered).Won.Value, q.Now)
	r.Pace = &pace
	return err
}
