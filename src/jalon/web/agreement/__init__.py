"""Agreement on a planning: asked and offered side by side, answers, publication."""
