"""The ledger of a cache, line by line: what no command shows."""

from pipeline.llm.cache import Cache
from pipeline.llm.ledger import LedgerRow, Usage


def usage_rows(cache: Cache) -> tuple[LedgerRow, ...]:
    """Read the ledger, oldest line first."""
    return tuple(
        LedgerRow(
            run=run,
            day=day,
            model=model,
            estimated_usd=estimated,
            usage=Usage(**dict(zip(Usage.model_fields, rest, strict=True))),
            digest=digest or "",
        )
        for run, day, model, estimated, *rest, digest in cache.execute(
            "SELECT * FROM usage ORDER BY rowid"
        )
    )
