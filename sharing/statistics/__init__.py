"""Public figures: what all institutions did together in a closed quarter, and nothing from which one of them could be told."""
