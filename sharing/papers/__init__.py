"""A communication on paper: what its author keeps of it, and what its reader prints. The slice is the disclosure's own."""
