"""The lines that have a folder's nightly run scheduled, filled in: pure.

For cron, for systemd, and for GitHub Actions.
"""

import datetime as dt
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

_MORNING: Final = dt.time(6, 17, tzinfo=ZoneInfo("Asia/Shanghai"))


def schedule_lines(
    folder: Path, command: Sequence[str], now: dt.datetime, *, has_workflow: bool = False
) -> Iterator[str]:
    """Write the lines of every scheduler.

    cron goes by the machine's clock, in whose zone `now` is.
    """
    run = shlex.join([*command, "--directory", str(folder), "run", "--quiet"])
    begin = dt.datetime.combine(now.astimezone(_MORNING.tzinfo), _MORNING)
    local = begin.astimezone(now.tzinfo)
    yield "# cron: put these lines into `crontab -e`; it mails what a night says, and all is well"
    yield "# while it says nothing. Put your address in, and take the # away: without it the mail"
    yield "# stays on this machine, with this user. 06:17 in Shanghai by this machine's clock:"
    yield "# MAILTO=you@example.org"
    yield f"{local.minute} {local.hour} * * * {run.replace('%', chr(92) + '%')}"
    yield ""
    yield "# systemd: /etc/systemd/system/ainews-digest.service"
    yield "[Service]"
    yield "Type=oneshot"
    yield f"WorkingDirectory={_escape_percent(str(folder))}"
    yield f"ExecStart={' '.join(map(_systemd_word, (*command, 'run', '--quiet')))}"
    yield "# and ainews-digest.timer, then: systemctl enable --now ainews-digest.timer"
    yield "[Timer]"
    yield "OnCalendar=*-*-* 06:17 Asia/Shanghai"
    yield "Persistent=true"
    yield "[Install]"
    yield "WantedBy=timers.target"
    yield ""
    if has_workflow:
        yield "# GitHub Actions: .github/workflows/nightly.yml is whole; it needs the secret"
        yield "# OPENAI_API_KEY (`gh secret set OPENAI_API_KEY`). On your own runner, a step is:"
    else:
        yield "# GitHub Actions: in a workflow of yours, on a runner of your own, a step is:"
    yield f"- run: {_yaml_text(run)}"


def _escape_percent(text: str) -> str:
    return text.replace("%", "%%")


def _systemd_word(word: str) -> str:
    """Quote a word of ExecStart where it needs it."""
    escaped = _escape_percent(word).replace("$", "$$")
    if shlex.quote(word) == word:
        return escaped
    inner = escaped.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def _yaml_text(text: str) -> str:
    """Quote a text as a YAML string."""
    inner = text.replace("'", "''")
    return f"'{inner}'"
