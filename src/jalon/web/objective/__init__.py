"""One objective: its figures, path, targets, plan, and the rows behind the figure."""
