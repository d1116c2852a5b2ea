"""The room chinese."""
