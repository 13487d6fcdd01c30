"""What if: the landing of an objective under a supposition."""
