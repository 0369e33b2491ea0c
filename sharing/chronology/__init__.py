"""What happened around what was shared: every word, communication, reading and end, as a drawing and as a table."""
