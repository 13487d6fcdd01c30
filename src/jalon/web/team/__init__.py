"""The board of a team: people, their sum against the team's own target, their weeks."""
