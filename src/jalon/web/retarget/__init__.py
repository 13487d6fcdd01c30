"""Re-target an objective: what would change, why, who is told, who took note."""
