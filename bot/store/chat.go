package store

import (
	"context"
	"database/sql"
)

// Chat is what is kept of a private chat, a group or a channel.
type Chat struct {
	ID   int64
	Lang string // the chosen language; empty: that of each question
	// Commands says who may use the commands in a group.
	Commands Audience
	// Brief asks for answers without the release's context: the quote and its link only.
	Brief bool
	// Alone asks for answers in a group that only who asked sees.
	Alone bool
	// Dead tells that the chat's subscriptions rest, since it was closed to the bot. SaveChat leaves it as it is; Revive ends it.
	Dead bool
}

// Audience is a circle of a group's members.
type Audience string

// The circles a group can allow its commands to.
const (
	Everyone       Audience = "everyone"
	Administrators Audience = "administrators"
)

const chatStatement = `
	select coalesce(lang, ''), coalesce(commands, 'everyone'), coalesce(brief, false), coalesce(alone, false),
		exists (select 1 from subscriptions where chat = $1 and dead)
	from (select 1) as always left join chats on id = $1`

// Chat returns what is kept of a chat; one that nothing is kept of has the defaults.
func (s *Store) Chat(ctx context.Context, id int64) (Chat, error) {
	c := Chat{ID: id, Commands: Everyone}
	err := s.prepared.chat.QueryRowContext(ctx, id).Scan(&c.Lang, &c.Commands, &c.Brief, &c.Alone, &c.Dead)
	return c, err
}

// SaveChat keeps a chat's choices. Its bulletins come in the chosen language from now on.
func (s *Store) SaveChat(ctx context.Context, c Chat) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `
			insert into chats (id, lang, commands, brief, alone) values ($1, $2, $3, $4, $5)
			on conflict (id) do update set
				lang = excluded.lang, commands = excluded.commands, brief = excluded.brief, alone = excluded.alone`,
			c.ID, c.Lang, c.Commands, c.Brief, c.Alone); err != nil || c.Lang == "" {
			return err
		}
		return exec(ctx, tx, `update subscriptions set lang = $1 where chat = $2`, c.Lang, c.ID)
	})
}

// ForgetChat erases everything kept of a chat.
func (s *Store) ForgetChat(ctx context.Context, id int64) error {
	return s.inTx(ctx, func(tx *sql.Tx) error { return forget(ctx, tx, id) })
}

func forget(ctx context.Context, tx *sql.Tx, id int64) error {
	for _, statement := range []string{
		`delete from chats where id = $1`,
		`delete from ledger where chat = $1`,
		`delete from subscriptions where chat = $1`,
		`delete from cards where chat = $1`,
	} {
		if _, err := tx.ExecContext(ctx, statement, id); err != nil {
			return err
		}
	}
	return nil
}

// MoveChat gives a chat that became a supergroup its new id. Its old message
// ids mean nothing in the supergroup, so its ledger ends. Telegram tells of a
// migration twice, and moving again changes nothing.
func (s *Store) MoveChat(ctx context.Context, from, to int64) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			insert into chats (id, lang, commands, brief, alone)
			select $1, lang, commands, brief, alone from chats where id = $2
			on conflict (id) do nothing`, to, from); err != nil {
			return err
		}
		if err := exec(ctx, tx, `
			update subscriptions set chat = $1 where chat = $2
			and thread not in (select thread from subscriptions where chat = $1)`, to, from); err != nil {
			return err
		}
		return forget(ctx, tx, from)
	})
}
