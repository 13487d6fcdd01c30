"""All the objectives a role may see: one table, filtered without leaving the page."""
