"""The fault matrix: what can go wrong, what a run says of it, and what is on the disk then."""
