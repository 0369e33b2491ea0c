"""What stops: her word taken back or opposed, or recorded in error; who already knows, what closes, who is told."""
