"""Reviews of a month or a quarter: prepared, discussed, frozen, taken away as files."""
