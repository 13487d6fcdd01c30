"""Accounts: invitations, roles, one's own account, a new password."""
