"""The room select."""
