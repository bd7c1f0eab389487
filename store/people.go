package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/chatlane/chatlane/kanban"
	"github.com/chatlane/chatlane/store/db"
)

// SavePerson adds somebody who signed in, or gives somebody known another name and token. The session epoch is left as it is.
func (s *Store) SavePerson(ctx context.Context, p kanban.Person) (kanban.Person, error) {
	err := s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		id, err := q.SavePerson(ctx, db.SavePersonParams{
			BaseUrl: p.BaseURL, UserID: int64(p.Actor.ID), Name: p.Name, Email: p.Email, AvatarUrl: p.AvatarURL, Blank: []byte{}, Now: s.now(),
		})
		if err != nil {
			return err
		}
		p.ID = kanban.PersonID(id)
		return q.SetPersonToken(ctx, s.sealPerson(p.Token, p.ID), id) // bound to the row, so the row comes first
	})
	if err != nil {
		return kanban.Person{}, err
	}
	return s.Person(ctx, p.ID)
}

func (s *Store) sealPerson(token string, id kanban.PersonID) []byte {
	return s.seal.seal([]byte(token), "people", int64(id), "token")
}

// DropToken forgets a token of a person's that Chatwoot refused. A newer one stays: they may have signed in again meanwhile.
func (s *Store) DropToken(ctx context.Context, id kanban.PersonID, refused string) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		row, err := q.Person(ctx, int64(id))
		if err != nil {
			return found(err)
		}
		p, err := s.personOf(row)
		if err != nil || p.Token != refused {
			return err
		}
		return q.SetPersonToken(ctx, s.sealPerson("", id), int64(id))
	})
}

// EndSessions ends all sessions of a person and forgets their token.
func (s *Store) EndSessions(ctx context.Context, id kanban.PersonID) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		return q.EndPersonSessions(ctx, s.sealPerson("", id), int64(id))
	})
}

// PersonSeen notes that a person was here.
func (s *Store) PersonSeen(ctx context.Context, id kanban.PersonID, at time.Time) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error { return q.PersonSeen(ctx, millis(at), int64(id)) })
}

// DropIdleTokens forgets the tokens of people who were not here since a time.
func (s *Store) DropIdleTokens(ctx context.Context, before time.Time) error {
	return s.writePatiently(ctx, func(ctx context.Context, q *db.Queries) error {
		idle, err := q.IdlePeople(ctx, millis(before))
		if err != nil {
			return err
		}
		for _, id := range idle {
			if err := q.SetPersonToken(ctx, s.sealPerson("", kanban.PersonID(id)), id); err != nil {
				return err
			}
		}
		return nil
	})
}

// Person is somebody who signed in once.
func (s *Store) Person(ctx context.Context, id kanban.PersonID) (kanban.Person, error) {
	row, err := db.New(s.read).Person(ctx, int64(id))
	if err != nil {
		return kanban.Person{}, found(err)
	}
	return s.personOf(row)
}

// PersonAt finds a person by Chatwoot's number on a server.
func (s *Store) PersonAt(ctx context.Context, baseURL string, user kanban.AgentID) (kanban.Person, error) {
	row, err := db.New(s.read).PersonAt(ctx, baseURL, int64(user))
	if err != nil {
		return kanban.Person{}, found(err)
	}
	return s.personOf(row)
}

func (s *Store) personOf(r db.Person) (kanban.Person, error) {
	token, err := s.seal.open(r.Token, "people", r.ID, "token")
	if err != nil {
		return kanban.Person{}, err
	}
	return kanban.Person{
		ID: kanban.PersonID(r.ID), BaseURL: r.BaseUrl, Actor: kanban.Actor{ID: kanban.AgentID(r.UserID), Name: r.Name}, Email: r.Email,
		AvatarURL: r.AvatarUrl, Token: string(token), Epoch: r.Epoch, SeenAt: fromMillis(r.SeenAt),
	}, nil
}

// SaveSeat saves what a person is in an account.
func (s *Store) SaveSeat(ctx context.Context, seat kanban.Seat) error {
	return s.write(ctx, func(ctx context.Context, q *db.Queries) error {
		return q.SaveSeat(ctx, db.SaveSeatParams{
			Person: int64(seat.Person), Account: int64(seat.Account), Role: string(seat.Role), Inboxes: listOf(seat.Inboxes),
			Teams: listOf(seat.Teams), Narrow: flag(seat.Narrow), OnlyIds: listOf(seat.Only), CheckedAt: millis(seat.CheckedAt),
		})
	})
}

// Seats are what a person is in each connected account, those without a role included.
func (s *Store) Seats(ctx context.Context, id kanban.PersonID) ([]kanban.Seat, error) {
	rows, err := db.New(s.read).Seats(ctx, int64(id))
	if err != nil {
		return nil, err
	}
	seats := make([]kanban.Seat, 0, len(rows))
	for _, r := range rows {
		seat := kanban.Seat{
			Person: id, Account: kanban.AccountID(r.AccountID), Role: kanban.Role(r.Role), Narrow: r.Narrow == 1, CheckedAt: fromMillis(r.CheckedAt),
		}
		err := errors.Join(json.Unmarshal([]byte(r.Inboxes), &seat.Inboxes), json.Unmarshal([]byte(r.Teams), &seat.Teams), json.Unmarshal([]byte(r.OnlyIds), &seat.Only))
		if err != nil {
			return nil, err
		}
		seats = append(seats, seat)
	}
	return seats, nil
}
