"""My tokens and webhooks: what machines come in with, and what they are told."""
