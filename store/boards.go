package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// Boards are an account's boards in their order, from memory.
func (s *Store) Boards(_ context.Context, account kanban.AccountID) ([]kanban.Board, error) {
	return s.boardsOf(account), nil
}

func (s *Store) boardsOf(account kanban.AccountID) []kanban.Board {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var boards []kanban.Board
	for _, b := range s.boards {
		if b.Account == account {
			boards = append(boards, b)
		}
	}
	slices.SortFunc(boards, func(a, b kanban.Board) int {
		return cmp.Or(cmp.Compare(a.Position, b.Position), cmp.Compare(a.ID, b.ID))
	})
	return boards
}

// Board is one board, from memory.
func (s *Store) Board(_ context.Context, id kanban.BoardID) (kanban.Board, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.boards[id]
	if !ok {
		return kanban.Board{}, kanban.ErrNotFound
	}
	return b, nil
}

// CreateBoard adds a board with its stages and places all conversations of the account on it.
func (s *Store) CreateBoard(ctx context.Context, b kanban.Board) (kanban.Board, error) {
	if err := s.addBoard(ctx, &b); err != nil {
		return kanban.Board{}, err
	}
	if err := s.placeRest(ctx, b.Account); err != nil {
		return kanban.Board{}, err
	}
	return s.Board(ctx, b.ID)
}

// addBoard writes a new board on which nothing is placed yet, and gives it its id.
func (s *Store) addBoard(ctx context.Context, b *kanban.Board) error {
	return s.restructure(ctx, func(ctx context.Context, q *db.Queries) error {
		id, err := q.InsertBoard(ctx, db.InsertBoardParams{
			Account: int64(b.Account), Name: b.Name, Currency: b.Currency, Scope: listOf(b.Scope), HideNoStage: flag(b.HideNoStage), Winner: string(b.Winner), Compact: flag(b.Compact), Sort: string(b.Sort),
			LostReasons: textList(b.LostReasons), ReasonRequired: flag(b.ReasonRequired), CarryStage: flag(b.CarryStage), Audience: listOf(b.Audience), HiddenFields: textList(b.HiddenFields),
		})
		if err != nil {
			return err
		}
		b.ID = kanban.BoardID(id)
		b.Stages = slices.Clone(b.Stages)
		return errors.Join(saveStages(ctx, q, b, nil, 0), placeAnew(ctx, q, *b, kanban.FromImport))
	})
}

// UpdateBoard changes a board's settings and stages and places its conversations anew. ErrStale if somebody changed it meanwhile.
func (s *Store) UpdateBoard(ctx context.Context, b kanban.Board) (kanban.Board, error) {
	err := s.restructure(ctx, func(ctx context.Context, q *db.Queries) error {
		old, err := s.Board(ctx, b.ID)
		if err != nil {
			return err
		}
		catalog, err := s.Catalog(ctx, old.Account)
		if err != nil {
			return err
		}
		b.Account = old.Account // a board stays where it is
		n, err := q.UpdateBoard(ctx, db.UpdateBoardParams{
			Name: b.Name, Currency: b.Currency, Scope: listOf(b.Scope), HideNoStage: flag(b.HideNoStage), Winner: string(b.Winner), Compact: flag(b.Compact), Sort: string(b.Sort),
			LostReasons: textList(b.LostReasons), ReasonRequired: flag(b.ReasonRequired), CarryStage: flag(b.CarryStage), ArchivedAt: millis(b.ArchivedAt), Audience: listOf(b.Audience), HiddenFields: textList(b.HiddenFields),
			ID: int64(b.ID), Version: b.Version,
		})
		if err != nil {
			return err
		}
		if n == 0 {
			return kanban.ErrStale
		}
		b.Stages = slices.Clone(b.Stages)
		if err := errors.Join(saveStages(ctx, q, &b, old.Stages, s.now()), convert(ctx, q, old, b)); err != nil {
			return err
		}
		if placesAlike(old, withLabels(b, catalog)) {
			return nil
		}
		return placeAnew(ctx, q, b, kanban.FromImport)
	})
	if err != nil {
		return kanban.Board{}, err
	}
	if err := s.placeRest(ctx, b.Account); err != nil {
		return kanban.Board{}, err
	}
	return s.Board(ctx, b.ID)
}

// saveStages writes the stages of a board, gives new ones their id, and takes away those of old that are no longer there.
func saveStages(ctx context.Context, q *db.Queries, b *kanban.Board, old []kanban.Stage, now int64) error {
	for _, st := range b.Stages {
		if st.ID != 0 && !slices.ContainsFunc(old, func(o kanban.Stage) bool { return o.ID == st.ID }) {
			return kanban.ErrNotFound // a stage of another board
		}
	}
	for _, o := range old {
		if !slices.ContainsFunc(b.Stages, func(s kanban.Stage) bool { return s.ID == o.ID }) {
			if err := q.RemoveStage(ctx, now, int64(o.ID), int64(b.ID)); err != nil {
				return err
			}
		}
	}
	if err := q.ParkStages(ctx, int64(b.ID)); err != nil {
		return err
	}
	for i := range b.Stages {
		st := &b.Stages[i]
		st.Board, st.Position = b.ID, i
		p := db.UpdateStageParams{
			Position: int64(i), Label: int64(st.Label), Title: st.Title, Name: st.Name, Kind: string(st.Kind), Color: ownColor(*st), Wip: int64(st.WIP),
			RottingDays: int64(st.RottingDays), Probability: int64(st.Probability), Hidden: flag(st.Hidden),
			Leaving: leavingText(st.Leaving), ID: int64(st.ID), Board: int64(b.ID),
		}
		if st.ID != 0 {
			if err := q.UpdateStage(ctx, p); err != nil {
				return err
			}
			continue
		}
		id, err := q.InsertStage(ctx, db.InsertStageParams{
			Board: p.Board, Position: p.Position, Label: p.Label, Title: p.Title, Name: p.Name, Kind: p.Kind, Color: p.Color, Wip: p.Wip,
			RottingDays: p.RottingDays, Probability: p.Probability, Hidden: p.Hidden, Leaving: p.Leaving,
		})
		if err != nil {
			return err
		}
		st.ID = kanban.StageID(id)
	}
	return nil
}

// ownColor is a stage's colour if somebody chose one, else empty: the stage then follows its label.
func ownColor(st kanban.Stage) string {
	if !st.OwnColor {
		return ""
	}
	return st.Color
}

// withLabels gives a board's stages the titles, former titles and colours of their labels.
func withLabels(b kanban.Board, c *kanban.Catalog) kanban.Board {
	b.Stages = slices.Clone(b.Stages)
	for i := range b.Stages {
		st := &b.Stages[i]
		j := slices.IndexFunc(c.Labels, func(l kanban.Label) bool { return l.ID == st.Label })
		if j < 0 {
			st.LabelGone = true
			continue
		}
		l := c.Labels[j]
		st.Title, st.Former, st.LabelGone = l.Title, formerly(l, c), l.Gone
		if !st.OwnColor {
			st.Color = l.Color
		}
	}
	return b
}

// formerly are the titles a label had that no other label has taken: a conversation that carries one means this label still.
func formerly(l kanban.Label, c *kanban.Catalog) []string {
	free := slices.DeleteFunc(slices.Clone(l.Former), func(title string) bool {
		return slices.ContainsFunc(c.Labels, func(o kanban.Label) bool { return !o.Gone && strings.EqualFold(o.Title, title) })
	})
	if len(free) == 0 {
		return nil
	}
	return free
}

// retitle has the boards of an account follow its labels, and places anew what a change of labels moves. It returns the boards that
// look different now.
func (s *Store) retitle(ctx context.Context, q *db.Queries, account kanban.AccountID, c *kanban.Catalog) ([]kanban.BoardID, error) {
	var touched []kanban.BoardID
	for _, old := range s.boardsOf(account) {
		next := withLabels(old, c)
		if slices.EqualFunc(old.Stages, next.Stages, func(a, b kanban.Stage) bool { return listOf(a) == listOf(b) }) {
			continue
		}
		touched = append(touched, old.ID)
		if err := errors.Join(q.TouchBoard(ctx, int64(old.ID)), saveTitles(ctx, q, next)); err != nil {
			return nil, err
		}
		if placesAlike(old, next) {
			continue
		}
		if err := placeAnew(ctx, q, next, kanban.FromReconcile); err != nil {
			return nil, err
		}
	}
	return touched, nil
}

func saveTitles(ctx context.Context, q *db.Queries, b kanban.Board) error {
	for _, st := range b.Stages {
		if err := q.SetStageTitle(ctx, st.Title, int64(st.ID)); err != nil {
			return err
		}
	}
	return nil
}

// readBoards reads all boards from the database.
func readBoards(ctx context.Context, q *db.Queries, catalogs map[kanban.AccountID]*kanban.Catalog) (map[kanban.BoardID]kanban.Board, error) {
	rows, err := q.Boards(ctx)
	if err != nil {
		return nil, err
	}
	stages, err := q.Stages(ctx)
	if err != nil {
		return nil, err
	}
	boards := map[kanban.BoardID]kanban.Board{}
	for _, r := range rows {
		b := kanban.Board{
			ID: kanban.BoardID(r.ID), Account: kanban.AccountID(r.AccountID), Name: r.Name, Currency: r.Currency, HideNoStage: r.HideNoStage == 1,
			Winner: kanban.Winner(r.Winner), Compact: r.Compact == 1, Sort: kanban.Sort(r.Sort), ReasonRequired: r.ReasonRequired == 1, CarryStage: r.CarryStage == 1, Position: int(r.Position), ArchivedAt: fromMillis(r.ArchivedAt),
			Version: r.Version,
		}
		if err := readLists(r, &b); err != nil {
			return nil, err
		}
		boards[b.ID] = b
	}
	for _, r := range stages {
		b := boards[kanban.BoardID(r.BoardID)]
		st, err := stageOf(r)
		if err != nil {
			return nil, err
		}
		if r.RemovedAt != 0 {
			b.Removed = append(b.Removed, st)
		} else {
			b.Stages = append(b.Stages, st)
		}
		boards[b.ID] = b
	}
	for id, b := range maps.Clone(boards) {
		boards[id] = withLabels(b, catalogs[b.Account])
	}
	return boards, nil
}

func stageOf(r db.Stage) (kanban.Stage, error) {
	st := kanban.Stage{
		ID: kanban.StageID(r.ID), Board: kanban.BoardID(r.BoardID), Position: int(r.Position), Label: kanban.LabelID(r.LabelID), Title: r.Title, Name: r.Name,
		Kind: kanban.StageKind(r.Kind), Color: r.Color, OwnColor: r.Color != "", WIP: int(r.Wip), RottingDays: int(r.RottingDays), Probability: int(r.Probability),
		Hidden: r.Hidden == 1,
	}
	if r.Leaving == "" {
		return st, nil
	}
	st.Leaving = new(kanban.Leaving)
	return st, json.Unmarshal([]byte(r.Leaving), st.Leaving)
}

func leavingText(l *kanban.Leaving) string {
	if l == nil {
		return ""
	}
	return listOf(l)
}

// readLists reads the parts of a board that are kept as JSON.
func readLists(r db.Board, b *kanban.Board) error {
	b.LostReasons, b.HiddenFields = listIn(r.LostReasons), textsIn[kanban.CardField](r.HiddenFields)
	return errors.Join(json.Unmarshal([]byte(r.Scope), &b.Scope), json.Unmarshal([]byte(r.Audience), &b.Audience))
}

func (s *Store) dealKeys(id kanban.AccountID) kanban.DealKeys {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.accounts[id].Deal
}
