"""The planning grid: owners by months, edited cell by cell, shared out anew."""
