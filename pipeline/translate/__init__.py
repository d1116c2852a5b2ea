"""The room translate."""
