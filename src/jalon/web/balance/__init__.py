"""The balance: who carries how many objectives, which horizon lacks any."""
