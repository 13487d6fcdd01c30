"""Pages that say what went wrong, and the way back."""
