"""Trends and bottlenecks: stages, segments, stuck deals, cohorts."""
