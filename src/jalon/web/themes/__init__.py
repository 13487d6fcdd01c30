"""What the field says, to browse; the classes it is counted by; points to tag."""
