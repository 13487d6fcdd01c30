"""Who sees this? The rule of each page, and the permission table, in words."""
