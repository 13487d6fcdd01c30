"""The evidence file: what was notified, agreed, changed and acknowledged, dated."""
