"""Bad input, by the thousand: every door answers, or refuses in one clear line."""
