"""Tests of the orchestration with Dagster itself: `make test-dagster`, since they are slow."""
