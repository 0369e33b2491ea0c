"""Proofs to take away: of what was sent, of what was received, and for the person of everything that was said of her."""
