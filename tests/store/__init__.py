"""Digests in a real S3-compatible store on loopback: `make test-store`, since its server is slow to start."""
