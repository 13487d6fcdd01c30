"""The cascade as a diagram: folded by keyboard, printed on a page, on any day."""
