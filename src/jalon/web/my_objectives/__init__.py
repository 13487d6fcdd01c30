"""My objectives: at most three cards, what to look at first, what hangs under them."""
