"""What is kept: the decision not to share, and what was answered to the police who called or came, a pressure noted for oneself."""
