"""Digests changed by hand: what somebody wished, kept with the digest and applied again."""
