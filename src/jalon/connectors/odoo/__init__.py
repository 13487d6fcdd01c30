"""Odoo: users, teams, partners, leads and opportunities with their moves, orders."""
