"""Log in and out, language, theme."""
