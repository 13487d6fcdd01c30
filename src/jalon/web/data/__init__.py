"""Data: sources, imports, quarantine, generations, freshness, trust."""
