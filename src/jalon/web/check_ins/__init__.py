"""The weekly point: one minute on a phone; a team's points, read and answered."""
