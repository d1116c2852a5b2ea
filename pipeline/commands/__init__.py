"""The commands, each a function that `cli.py` registers; heavy imports stand inside them."""
