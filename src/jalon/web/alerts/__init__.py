"""All alerts: what changed state and when, who saw it, what was done."""
