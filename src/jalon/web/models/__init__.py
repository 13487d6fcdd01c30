"""The ten models, the company's own, and each filled from the company's data."""
