"""What `run --refresh` asks again: whole prompts, or single entries."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.errors import SettingsError

_REFRESHABLE_PROMPTS = ("select", "translate", "proofread")
_REFRESH_TARGET = re.compile(rf"{'|'.join(_REFRESHABLE_PROMPTS)}|(news|tools):[1-9]\d?", re.ASCII)


class RefreshTargets(NamedTuple):
    """What is asked again."""

    prompts: tuple[str, ...] = ()
    """`select`, `translate` or `proofread`."""
    places: tuple[str, ...] = ()
    """Entries, such as `news:3`."""


def parse_refresh(targets: Sequence[str]) -> RefreshTargets:
    """Check the values of `--refresh`.

    Raises:
        SettingsError: one is neither a prompt nor the place of an entry, or both are given.
    """
    for target in targets:
        if not _REFRESH_TARGET.fullmatch(target):
            raise SettingsError(
                f"--refresh {target!r} is not select, translate, proofread or an entry "
                "such as news:3"
            )
    prompts = tuple(target for target in targets if target in _REFRESHABLE_PROMPTS)
    places = tuple(target for target in targets if target not in _REFRESHABLE_PROMPTS)
    if prompts and places:
        raise SettingsError(
            f"--refresh {places[0]!r} keeps all other entries, and --refresh {prompts[0]!r} may "
            "change any: give one of them"
        )
    return RefreshTargets(prompts, tuple(dict.fromkeys(places)))
