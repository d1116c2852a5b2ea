"""The room quantities."""
