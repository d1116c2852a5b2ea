"""What a night needs: a repository, a newsletter and a model, all of them on this machine.

`with night_place(tmp_path) as place` makes it, `place.night.run()` plays a night.
"""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import editor
import openai_server as odd
import repository
from newsletter import Newsletter
from openai_server import Behaviour, OpenAIServer
from runner import NightlyJob

_ZONE = ZoneInfo("Asia/Shanghai")


def today() -> dt.date:
    """The date of the digest that is made now."""
    return dt.datetime.now(_ZONE).date()


def slug(days: int) -> str:
    """Name an issue of so many days ago."""
    return f"{today() - dt.timedelta(days=days):%y-%m-%d}-not-much"


class NightPlace:
    """A repository, a newsletter and a model."""

    def __init__(self, folder: Path, site: Newsletter, model: OpenAIServer) -> None:
        self.site, self.model = site, model
        self.behaviour: Behaviour = odd.ok
        addresses = ("AINEWS_SITE_URL", "AINEWS_UPSTREAM_URL", "AINEWS_SUBSTACK_URL")
        self.night = NightlyJob(
            folder,
            {
                **dict.fromkeys(addresses, site.url),
                "AINEWS_MODEL_ATTEMPTS": "1",
                "AINEWS_HTTP_ATTEMPTS": "1",
            },
        )


@contextmanager
def night_place(folder: Path) -> Iterator[NightPlace]:
    """Make a place where one issue of four stories came out yesterday."""
    repository.require_git()
    now = dt.datetime.now(_ZONE)
    if (now.hour, now.minute) == (23, 59):
        time.sleep(61 - now.second)  # a night has one date
    made: list[NightPlace] = []
    with (
        Newsletter() as site,
        OpenAIServer(answer=editor.answer, behave=lambda _request: made[0].behaviour) as model,
    ):
        made.append(NightPlace(folder, site, model))
        site.publish(slug(1))
        yield made[0]
