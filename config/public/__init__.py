"""What every public service says of itself: who it is, what it keeps, whom to reach, how to use it. Open to all."""
