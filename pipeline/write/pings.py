"""Text of a notice that calls nobody: the one function that every channel's words pass.

Services read a call out of plain text, each its own way: `@everyone` and `@name` (Discord,
Telegram, Matrix, Zulip), `<!channel>` and `<@U1>` (Slack, WeCom), `<at user_id="all">` (Feishu,
Lark, Teams), `<users/all>` (Google Chat). Wide forms of the two signs look like them and mean
nothing to any; the same goes for the signs by which they, and mail clients, know an address.
"""

import re

from pipeline.patterns import lazy_pattern
from pipeline.write.escape import is_invisible

_CALL = lazy_pattern(r"<(?=\s*(?:/?\s*at(?![a-z0-9])|users/|[!@#＠]|[a-z]+:))", re.IGNORECASE)

_LINKED = lazy_pattern(
    r"(?<=[a-z0-9]):(?=//)|(?<=\bmailto):|(?<=\bwww)\.|(?<=[\w.+-])@(?=[\w.-]*\.[\w-])",
    re.ASCII | re.IGNORECASE,
)
_WIDE = {":": "：", ".": "．", "@": "＠"}


def without_pings(text: str) -> str:
    """Write what a service could take for a call with signs that it does not know."""
    # Marks that the renderer takes out would hide a call here.
    shown = "".join(char for char in text if char.isspace() or not is_invisible(char))
    return _CALL.sub("＜", shown.replace("@", "＠").replace("﹫", "＠"))


def without_addresses(text: str) -> str:
    """Write addresses that stand in words so that no program makes links of them by itself."""
    return _LINKED.sub(lambda sign: _WIDE[sign[0]], text)


def without_pings_in_url(url: str) -> str:
    """Encode the sign of accounts in an address, which leads to the same page."""
    return url.replace("@", "%40")
