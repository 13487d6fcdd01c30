"""Sources: choose one, give its key, read what it sees, map its stages, its runs."""
