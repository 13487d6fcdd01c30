"""Surveys: what customers answered and what is done about it, the public form."""
