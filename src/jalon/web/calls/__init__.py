"""Calls: what people say a figure will be, beside the model."""
