"""How Tact grows, in figures: `python -m bench.grow`. Each bench is a house of its own, and each figure a ratio within one run."""
