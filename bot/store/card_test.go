package store

import (
	"slices"
	"testing"
)

func TestACardIsReplacedByANewerOne(t *testing.T) {
	onEach(t, func(t *testing.T, s *Store) {
		first, second := Card{Bulletin: 1, Chat: 7, Message: 2, Lang: "en"}, Card{Bulletin: 1, Chat: 7, Message: 3, Lang: "ru"}
		do(t, s.SaveCard(t.Context(), first))
		do(t, s.SaveCard(t.Context(), second))
		do(t, s.DropCard(t.Context(), first))
		cards, err := s.Cards(t.Context())
		if err != nil || !slices.Equal(cards, []Card{second}) {
			t.Errorf("got %v, %v", cards, err)
		}
		do(t, s.DropCard(t.Context(), second))
		if cards, err := s.Cards(t.Context()); err != nil || len(cards) > 0 {
			t.Errorf("after the drop: %v, %v", cards, err)
		}
	})
}
