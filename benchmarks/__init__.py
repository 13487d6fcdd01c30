"""One file per promise of speed; `python -m benchmarks` runs them all."""
