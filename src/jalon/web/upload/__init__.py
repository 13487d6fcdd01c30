"""Giving files: dropped, recognised, checked column by column, imported."""
