"""The screen "New objective": a sentence typed, understood, corrected, judged, set."""
