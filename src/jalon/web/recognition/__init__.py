"""The wall of successes: words proposed, said, thanked for; screens and rooms."""
