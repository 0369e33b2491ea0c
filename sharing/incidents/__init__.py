"""What went wrong: opened by an act, followed by who answers for the data, within the time that the RGPD gives (art. 33)."""
