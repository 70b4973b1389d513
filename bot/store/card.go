package store

import "context"

// Card is an administrator's message about a bulletin. There is one for each of the two at most.
type Card struct {
	Bulletin, Chat int64
	Message        int
	Lang           string
}

// Cards are all that still follow their bulletins, oldest bulletin first.
func (s *Store) Cards(ctx context.Context) ([]Card, error) {
	return query(ctx, s.db, func(c *Card) []any { return []any{&c.Bulletin, &c.Chat, &c.Message, &c.Lang} },
		`select bulletin, chat, message, lang from cards order by bulletin, chat`)
}

// SaveCard keeps a card, in place of an older one of the same administrator.
func (s *Store) SaveCard(ctx context.Context, c Card) error {
	_, err := s.db.ExecContext(ctx, `
		insert into cards (bulletin, chat, message, lang) values ($1, $2, $3, $4)
		on conflict (bulletin, chat) do update set message = excluded.message, lang = excluded.lang`,
		c.Bulletin, c.Chat, c.Message, c.Lang)
	return err
}

// DropCard lets a card stay as it is, unless a newer one has taken its place.
func (s *Store) DropCard(ctx context.Context, c Card) error {
	_, err := s.db.ExecContext(ctx, `delete from cards where bulletin = $1 and chat = $2 and message = $3`, c.Bulletin, c.Chat, c.Message)
	return err
}
