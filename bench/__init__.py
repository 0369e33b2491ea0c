"""What the figures of the README come from. `make bench` runs them all; each prints one JSON object."""
