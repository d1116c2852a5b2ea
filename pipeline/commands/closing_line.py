"""The last line of a command that makes digests: what was made, what it cost, what failed."""

from typing import TYPE_CHECKING

from pipeline.lines import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.errors import DigestError
    from pipeline.llm import RunCost
    from pipeline.storage import StoragePath
    from pipeline.write import DigestHead


def closing_line(
    made: "Sequence[tuple[StoragePath, DigestHead, bool]]",
    cost: "RunCost | None",
    seconds: float,
    failed: "DigestError | None" = None,
) -> str:
    """Say in one line how it went.

    Args:
        made: file, head and whether it is new or has changed, of each digest; none where nothing
            is new.
        cost: what the model was paid; None where it was not needed.
        seconds: how long it took.
        failed: what went wrong with other issues of the same run; None for nothing.
    """
    took = f"{seconds:.0f} s"
    if not made:
        return f"ok: nothing new, {took}"
    halves = [
        f"{head.news} + {head.tools}{'' if changed else ' unchanged'}" for _, head, changed in made
    ]
    severities = [severity for _, head, _ in made for severity in head.severities]
    counts = {
        "warning": severities.count("warning"),
        "error": severities.count("error"),
        "quotation": sum(head.degraded for _, head, _ in made),
    }
    said = [counted(number, name) for name, number in counts.items() if number]
    names = ", ".join(path.stem for path, _, _ in made)
    words = ", ".join((*halves, *said, _price(cost), took))
    if failed is None:
        return f"ok {names}: {words}"
    lost = [one.issue or type(one).__name__ for one in (failed, *failed.others)]
    return f"error {names}: published: {words}; failed: {', '.join(lost)}"


def _price(cost: "RunCost | None") -> str:
    if cost is None:
        return "$0"
    usd = cost.total.cost_usd
    if usd is None:
        return "price unknown"
    if not usd:
        return "$0"
    about = "about " if cost.total.uncounted else ""
    return f"{about}${usd:.3f}" if usd >= 0.001 else f"{about}${usd:.4f}"  # noqa: PLR2004 - a digit more for little
