"""The map of the package; see README."""
