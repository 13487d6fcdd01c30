"""The words by which tables, columns and values are recognised: data, not code."""
