"""What was learnt: what was tried, what it gave, what to do next time."""
