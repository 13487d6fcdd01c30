"""A review laid out: the same sentences on screen, on paper, in slides, in sheets."""
