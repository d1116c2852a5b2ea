"""The commands, each a function that `registry.py` lists; heavy imports stand inside them."""
