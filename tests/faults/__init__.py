"""What happens when something dies: one command for every fault (make test-faults)."""
