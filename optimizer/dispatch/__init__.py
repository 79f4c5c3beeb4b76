"""Team dispatch: whom to send, at once, and why."""
