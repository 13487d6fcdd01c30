"""The first run: company, data, people and teams, first objectives."""
