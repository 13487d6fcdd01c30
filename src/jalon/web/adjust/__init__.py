"""A re-target prepared from evidence: figures, field, a message written for people."""
