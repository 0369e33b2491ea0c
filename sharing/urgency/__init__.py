"""Emergency: one page, one send, to those whom a text empowers; then who received it, what is reviewed, what is owed."""
