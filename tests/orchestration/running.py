"""Dagster as `make dagster` starts it: page, daemon and code server, on a free port of loopback.

    with Running(folder, environment) as dagster:
        dagster.url                    # its page
        dagster.ask("query { … }")     # its GraphQL
        dagster.wait(lambda: …)        # until something is so

It is started as by a shell's `&`, which has Ctrl-C ignored, and ended by the signal that Ctrl-C
sends all the same.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import httpx

ROOT = Path(__file__).parent.parent.parent
_PATIENCE_S = 240.0
_LAUNCH = """mutation($params: LaunchBackfillParams!) {
  launchPartitionBackfill(backfillParams: $params) {
    __typename
    ... on LaunchBackfillSuccess { backfillId }
    ... on PythonError { message }
  }
}"""
_BACKFILL = """query($id: String!) {
  partitionBackfillOrError(backfillId: $id) {
    ... on PartitionBackfill { status isAssetBackfill
      runs(limit: 200) { id status startTime endTime tags { key value } } }
  }
}"""
_RUNS = """query($filter: RunsFilter!) {
  runsOrError(filter: $filter) { ... on Runs { results { id status } } }
}"""
_POOLS = (
    "{ instance { poolConfig { defaultPoolLimit } concurrencyLimits { concurrencyKey limit } } }"
)
_DAY = """query($key: AssetKeyInput!) {
  assetNodeOrError(assetKey: $key) {
    ... on AssetNode { assetPartitionStatuses {
      ... on TimePartitionStatuses { ranges { status startKey endKey } } } }
  }
}"""


class Running:
    """A Dagster of its own; a context manager."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Prepare to start.

        Args:
            folder: where it works and keeps everything.
            environment: settings, besides those that say where it is.
        """
        self._folder = folder
        self.home = folder / ".dagster"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if name in {"PATH", "HOME", "PYTHONPATH"}
            },
            "TMPDIR": str(folder),
            "AINEWS_DAGSTER_PORT": str(self.port),
            **environment,
        }
        # One for hundreds of questions, since a client reads all certificates when it is made.
        alone = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.Client(timeout=60, trust_env=False, limits=alone)
        self.log = folder / "dagster.log"
        self.left = False
        """Whether Ctrl-C left any of its processes."""

    @property
    def url(self) -> str:
        """Its page, with a trailing slash."""
        return f"http://127.0.0.1:{self.port}/"

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", f"trap '' INT; exec '{sys.executable}' -m pipeline.orchestration"],
                cwd=self._folder,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.wait(self._up)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGINT)
        try:
            self._process.wait(60)
            end = time.monotonic() + 10  # those that the signal ends after their parent
            while self.alive() and time.monotonic() < end:
                time.sleep(0.2)
        finally:
            self._client.close()
            self.left = self.alive()
            if self.left:
                os.killpg(self._process.pid, signal.SIGKILL)

    def alive(self) -> bool:
        """Tell whether any of its processes is left."""
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def ask(self, query: str, **variables: Any) -> Any:
        """Ask its GraphQL, and give the data."""
        asked = {"query": query, "variables": variables}
        found = self._client.post(f"{self.url}graphql", json=asked).json()
        assert "errors" not in found, found["errors"]
        return found["data"]

    def wait(
        self, true: Callable[[], bool], patience_s: float = _PATIENCE_S, *, pause_s: float = 1.0
    ) -> None:
        """Wait until something is so, and look at it every so often."""
        end = time.monotonic() + patience_s
        while not true():
            assert self._process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()[-8000:]
            time.sleep(pause_s)

    def backfill(self, days: list[str]) -> str:
        """Start a backfill as the page does, and give its id."""
        params = {"partitionNames": days, "assetSelection": [{"path": ["digest"]}]}
        found = self.ask(_LAUNCH, params=params)["launchPartitionBackfill"]
        assert found["__typename"] == "LaunchBackfillSuccess", found
        return str(found["backfillId"])

    def runs(self, backfill: str) -> tuple[str, list[dict[str, Any]]]:
        """Tell the status of a backfill, and its runs with their tags."""
        found = self.ask(_BACKFILL, id=backfill)["partitionBackfillOrError"]
        runs = [
            {**run, "tags": {tag["key"]: tag["value"] for tag in run["tags"]}}
            for run in found["runs"]
        ]
        return str(found["status"]), runs

    def of(self, partition: str) -> list[dict[str, Any]]:
        """List the runs of a partition, the latest first."""
        tags = [{"key": "dagster/partition", "value": partition}]
        found: list[dict[str, Any]] = self.ask(_RUNS, filter={"tags": tags})["runsOrError"][
            "results"
        ]
        return found

    def pool(self, name: str) -> int:
        """Tell the limit of a pool."""
        limits = self.ask(_POOLS)["instance"]["concurrencyLimits"]
        return next(int(each["limit"]) for each in limits if each["concurrencyKey"] == name)

    def partitions(self) -> dict[str, str]:
        """Tell the status of each stretch of dates that has one, by its first and last date."""
        found = self.ask(_DAY, key={"path": ["digest"]})["assetNodeOrError"]
        ranges = found["assetPartitionStatuses"]["ranges"]
        return {f"{each['startKey']}..{each['endKey']}": each["status"] for each in ranges}

    def _up(self) -> bool:
        try:
            data = self.ask(
                "query { workspaceOrError { ... on Workspace { locationEntries { name loadStatus "
                "locationOrLoadError { __typename ... on PythonError { message } } } } } }"
            )
        except httpx.TransportError:
            return False
        entries = data["workspaceOrError"]["locationEntries"]
        for each in entries:
            found = each["locationOrLoadError"]
            assert not found or found["__typename"] != "PythonError", found
        return bool(entries) and all(entry["loadStatus"] == "LOADED" for entry in entries)
