"""Take back one's last write, from the message that tells of it."""
