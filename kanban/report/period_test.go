package report_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/chatlane/chatlane/kanban/report"
)

func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	require.NoError(t, err)
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	require.NoError(t, err)
	return moment
}

const form = "2006-01-02 15:04 -0700"

func spanText(s report.Span) []string { return []string{s.From.Format(form), s.To.Format(form)} }

func TestPeriodsFollowTheCalendarOfTheZone(t *testing.T) {
	t.Parallel()
	for _, one := range []struct {
		zone, now, name string
		want, before    []string
	}{
		{
			"America/Sao_Paulo", "2026-11-23 14:00", report.ThisMonth,
			[]string{"2026-11-01 00:00 -0300", "2026-12-01 00:00 -0300"},
			[]string{"2026-10-01 00:00 -0300", "2026-10-24 00:00 -0300"},
		},
		{ // clocks went forward at midnight: that day began at one
			"America/Sao_Paulo", "2018-11-20 10:00", report.ThisMonth,
			[]string{"2018-11-01 00:00 -0300", "2018-12-01 00:00 -0200"},
			[]string{"2018-10-01 00:00 -0300", "2018-10-21 00:00 -0300"},
		},
		{
			"America/Sao_Paulo", "2018-11-06 10:00", report.LastWeek,
			[]string{"2018-10-29 00:00 -0300", "2018-11-05 00:00 -0200"},
			[]string{"2018-10-22 00:00 -0300", "2018-10-29 00:00 -0300"},
		},
		{
			"Europe/Madrid", "2026-03-31 23:59", report.ThisMonth,
			[]string{"2026-03-01 00:00 +0100", "2026-04-01 00:00 +0200"},
			[]string{"2026-02-01 00:00 +0100", "2026-03-01 00:00 +0100"},
		},
		{
			"Europe/Madrid", "2026-10-26 00:00", report.LastWeek,
			[]string{"2026-10-19 00:00 +0200", "2026-10-26 00:00 +0100"},
			[]string{"2026-10-12 00:00 +0200", "2026-10-19 00:00 +0200"},
		},
		{
			"UTC", "2026-01-01 00:00", report.LastQuarter,
			[]string{"2025-10-01 00:00 +0000", "2026-01-01 00:00 +0000"},
			[]string{"2025-07-01 00:00 +0000", "2025-10-01 00:00 +0000"},
		},
		{
			"UTC", "2026-03-01 09:00", report.ThisWeek, // a Sunday
			[]string{"2026-02-23 00:00 +0000", "2026-03-02 00:00 +0000"}, []string{"2026-02-16 00:00 +0000", "2026-02-23 00:00 +0000"},
		},
	} {
		now := at(t, one.zone, one.now)
		p := report.PeriodOf(one.name, now, now, now)
		require.Equal(t, one.want, spanText(p.Span), "%s %s", one.zone, one.now)
		require.Equal(t, one.before, spanText(p.Before), "%s %s before", one.zone, one.now)
	}
}

func TestADayMayBeginAtOne(t *testing.T) {
	t.Parallel()
	now := at(t, "America/Sao_Paulo", "2018-12-01 10:00")
	day := time.Date(2018, 11, 4, 12, 0, 0, 0, now.Location())
	p := report.PeriodOf(report.AnyDates, now, day, day)
	require.Equal(t, []string{"2018-11-04 01:00 -0200", "2018-11-05 00:00 -0200"}, spanText(p.Span))
	require.Equal(t, 23*time.Hour, p.To.Sub(p.From))
	steps, grain := p.Steps()
	require.Equal(t, report.Days, grain)
	require.Len(t, steps, 1)
}

func TestStepsCoverAPeriodWithoutGapOrOverlap(t *testing.T) {
	t.Parallel()
	for _, zone := range []string{"America/Sao_Paulo", "Europe/Madrid", "UTC", "Asia/Kathmandu"} {
		now := at(t, zone, "2018-12-15 10:00")
		for _, days := range []int{1, 31, 45, 46, 120, 201, 700, 5000} {
			p := report.PeriodOf(report.AnyDates, now, now.AddDate(0, 0, -days), now)
			steps, _ := p.Steps()
			require.LessOrEqual(t, len(steps), 45)
			require.Equal(t, p.From, steps[0].From)
			require.Equal(t, p.To, steps[len(steps)-1].To)
			for i := range steps[1:] {
				require.Equal(t, steps[i].To, steps[i+1].From)
				require.True(t, steps[i].From.Before(steps[i].To))
			}
		}
	}
}

func TestPaceGoesByTheDaysOfTheMonth(t *testing.T) {
	t.Parallel()
	month := report.MonthAt(at(t, "UTC", "2026-11-16 00:00"))
	p := report.PaceOf(month, 30_000, 20_000, at(t, "UTC", "2026-11-16 00:00"))
	require.Equal(t, report.Pace{Month: "2026-11", Goal: 30_000, Won: 20_000, Due: 15_000}, p)
	require.EqualValues(t, 30_000, report.PaceOf(month, 30_000, 0, at(t, "UTC", "2027-01-01 00:00")).Due)
}

func TestWeightedRoundsAndBounds(t *testing.T) {
	t.Parallel()
	require.EqualValues(t, 33, report.Weighted(65, 50))
	require.EqualValues(t, -33, report.Weighted(-65, 50))
	require.EqualValues(t, 65, report.Weighted(65, 400))
	require.EqualValues(t, 0, report.Weighted(65, -1))
	require.EqualValues(t, 1<<61, report.Weighted(1<<61, 100))
}

func TestPercentilesAreCasesThatHappened(t *testing.T) {
	t.Parallel()
	require.Equal(t, report.Durations{}, report.DurationsOf(nil))
	require.Equal(t, report.Durations{Count: 1, Median: 7, P90: 7}, report.DurationsOf([]time.Duration{7}))
	require.Equal(t, report.Durations{Count: 10, Median: 5, P90: 9}, report.DurationsOf([]time.Duration{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}))
}
