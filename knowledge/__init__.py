"""D, what can be looked up: documents kept whole, cut into passages, found again. Knows no chat."""
