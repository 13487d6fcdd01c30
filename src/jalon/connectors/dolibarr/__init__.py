"""Dolibarr: users, third parties, opportunities, which are projects there."""
