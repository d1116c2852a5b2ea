"""The room merge."""
