"""The words of sales objectives, French and English: data, read by `words`."""
