"""Pacing: attainment, coverage, the pipeline still needed with its sum, the path."""
