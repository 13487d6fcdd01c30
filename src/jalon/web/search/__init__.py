"""Search and the sheet of shortcuts: pages of their own, and a sheet over any page."""
