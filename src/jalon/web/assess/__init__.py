"""Qualitative objectives: a statement graded by two sides, a survey with its margin."""
