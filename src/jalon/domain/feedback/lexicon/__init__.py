"""Words of the field as data: classes of objections in both languages."""
