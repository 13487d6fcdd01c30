"""The weekly reading of a team, and its meeting of fifteen minutes."""
