"""How every HTTP source speaks: one client, one way to wait, no address inside."""
