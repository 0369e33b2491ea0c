"""What comes back: « ce n’est pas pour moi », the author's recall, who had opened what."""
