"""The day's work: what waits for each professional, what is reminded, and whether what was shared served."""
