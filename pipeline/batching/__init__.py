"""Questions sent through the Batch API: gathered, submitted, collected into the cache."""
