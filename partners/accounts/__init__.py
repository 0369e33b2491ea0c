"""One's own account: entering, leaving, passwords, sessions. The flow is allauth's, the words and the pages are ours."""
