"""The folder of one company: where its files are and its settings."""
