package telegram

// Length is how many code points of a message's 4096 an HTML text takes.
func Length(html string) int { return 0 }
