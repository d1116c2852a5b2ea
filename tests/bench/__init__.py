"""How fast the pipeline is, measured against servers whose speed is known."""
