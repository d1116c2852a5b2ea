"""What was told as a rumour, and what tells that it came true.

Pure, and narrow on both sides: a title that is as careful as its rumour, and an announcement by who
made the thing, or told of it by the editors, in words that leave nothing open.
"""

import re
from collections.abc import Iterable

from pipeline.recaps import trust
from pipeline.records import Mention
from pipeline.urls import is_owned_by, maker_names

_CHINESE_RUMOUR = re.compile(
    r"传闻|传言|谣言|传出|[据盛网流有风外]传|爆料|泄[露漏]|曝|疑似|疑为|未[经获]?(?:证实|确认|官宣)|猜测|推测|小道消息"
    r"|有消息称|知情人士|消息人士|据报道|据悉|据称|或将|或于|有望|预热"
)
_ENGLISH_RUMOUR = re.compile(
    r"\b(?:rumou?r\w*|leak\w*|reportedly|allegedly|supposedly|purported\w*|apparently|unconfirmed"
    r"|unverified|speculat\w+|suspected|insiders?|sources sa(?:y|id)|hint\w*|teas\w+|sightings?"
    r"|spotted|might|may|could|expected|upcoming|coming|soon|imminent\w*|in talks|not yet"
    r"|unreleased|next (?:week|month))\b",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"\b(?:announc|launch|releas|ship(?:s|ped|ping)\b|introduc|unveil|open[- ]sourc|publish|confirm"
    r"|debut|roll(?:s|ed|ing)? out|drop(?:s|ped)\b|available\b|(?:is|are|now) (?:out|live|here)\b)",
    re.IGNORECASE,
)
_HEAD_CHARS = 240
_BEGINNING_CHARS = 12


def is_rumour(title: str, summary: str) -> bool:
    """Whether an entry tells its event as a rumour: in its title, or as the summary begins."""
    return bool(_CHINESE_RUMOUR.search(f"{title}。{summary[:_BEGINNING_CHARS]}"))


def is_announced(mentions: Iterable[Mention]) -> bool:
    """Whether somebody tells an event as a fact: its maker on a page of its own, or the editors."""
    for mention in mentions:
        head = mention.text[: len(mention.lead) + _HEAD_CHARS]
        if _ENGLISH_RUMOUR.search(head):
            continue
        if not trust(mention) and _ANNOUNCED.search(head):
            return True
        makers = maker_names([mention.model_copy(update={"links": ()})])
        if any(is_owned_by(link.url, makers) for link in mention.links):
            return True
    return False
