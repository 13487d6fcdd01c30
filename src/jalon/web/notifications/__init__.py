"""How one wants to be told of alerts, and what was sent."""
