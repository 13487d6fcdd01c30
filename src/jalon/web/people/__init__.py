"""People and teams: who is where, since when, away, gone."""
