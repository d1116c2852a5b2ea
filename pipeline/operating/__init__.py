"""What an operator asks: what became of each issue, and what a run needs."""
