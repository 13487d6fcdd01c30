"""Coaching: a person's funnel, between the person and their manager."""
