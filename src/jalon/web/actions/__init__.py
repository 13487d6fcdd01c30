"""The plan of actions of an objective, and the actions due for the reader."""
