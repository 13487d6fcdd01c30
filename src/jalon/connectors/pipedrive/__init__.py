"""Pipedrive: users, organisations, leads, deals with their moves, activities."""
