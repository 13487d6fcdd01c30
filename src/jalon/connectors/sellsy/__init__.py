"""Sellsy: staff, companies, opportunities in their pipelines."""
