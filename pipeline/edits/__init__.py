"""The room edits."""
