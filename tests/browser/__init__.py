"""Tests of the site in a real browser: `make browser`, apart from `make test` since it is slow."""
