"""One file an engine: run a compiled query, give back plain rows."""
