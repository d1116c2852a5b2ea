"""The room parse."""
