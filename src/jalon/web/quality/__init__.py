"""Data quality: what is wrong in the rows, how much, and the figures it bends."""
