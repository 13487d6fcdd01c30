"""A watched folder: every file that is new or has changed is read as if imported."""
