"""The house: settings, doors, health, and the launcher of the bundled PostgreSQL and Redis."""

import gc

# A fifth of what a command takes to start was a search for garbage among what is loaded and stays.
gc.set_threshold(50_000, 20, 20)
