"""Who should hold which accounts: distributions drawn up, compared, decided."""
