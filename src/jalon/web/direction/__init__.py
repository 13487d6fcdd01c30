"""Direction: the cascade, three horizons, where the gap comes from, segments."""
