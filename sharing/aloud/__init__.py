"""What was said aloud, written down afterwards: the same decision, on the facts as they stood when it was said."""
