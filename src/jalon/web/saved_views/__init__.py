"""The lists somebody kept by a name, and the links they share."""
