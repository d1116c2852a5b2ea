"""The room diff."""
