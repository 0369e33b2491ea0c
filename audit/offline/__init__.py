"""What leaves the house with an entry, and is run by people who have nothing of Tact: `verify.py` imports nothing of it."""
