"""How the database came to be, step by step."""

from __future__ import annotations
