"""Pieces of pages used by several screens, and the words and figures in them."""
