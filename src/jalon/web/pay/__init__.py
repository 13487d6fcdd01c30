"""Pay: a live estimate, statements with every cent explained, plans, runs, trials."""
