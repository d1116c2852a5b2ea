"""Dagster's webserver behind the guard, in this process, and its daemon beside it.

`dagster dev` would start a webserver of its own, on which nothing can be put; so what it does is
done here: an instance, a workspace, its application on uvicorn, and the daemon as a child. Code
servers listen on sockets in the file system, which no browser reaches.
"""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dagster as dg
import uvicorn
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster._utils.log import configure_loggers
from dagster_webserver.app import create_app_from_workspace_process_context

from pipeline.orchestration.guard import Guard

_MODULE = "pipeline.orchestration.definitions"
_PATIENCE_S = 60
_DATABASE = {"statement_timeout": 15_000, "pool_recycle": 3_600, "max_overflow": 20}
"""What `dagster-webserver` takes for its connections to a database."""


def serve(host: str, port: int, hosts: frozenset[str]) -> bool:
    """Serve the page, and run the daemon, until a signal or until either ends.

    Returns:
        Whether a signal ended it.
    """
    configure_loggers()
    target = ModuleTarget(_MODULE, attribute=None, working_directory=None, location_name=None)
    with (
        dg.DagsterInstance.get() as instance,
        _daemon() as daemon,
        WorkspaceProcessContext(instance, target, code_server_log_level="WARNING") as workspace,
    ):
        instance.optimize_for_webserver(**_DATABASE)
        app = create_app_from_workspace_process_context(workspace, live_data_poll_rate=2000)
        server = uvicorn.Server(
            uvicorn.Config(
                Guard(app, hosts),
                host=host,
                port=port,
                log_level="warning",
                http="h11",  # it refuses two hosts in one request, and shows a target as it came
                timeout_graceful_shutdown=5,
            )
        )

        def end_with_daemon() -> None:
            daemon.wait()
            server.should_exit = True

        threading.Thread(target=end_with_daemon, daemon=True).start()
        try:
            server.run()
        except KeyboardInterrupt:
            return True
    return False


@contextmanager
def _daemon() -> "Iterator[subprocess.Popen[bytes]]":
    """Run Dagster's daemon, which starts runs, and end it."""
    command = [sys.executable, "-m", "dagster._daemon", "run", "--module-name", _MODULE]
    with subprocess.Popen(command) as daemon:  # noqa: S603 - a fixed command, no shell
        try:
            yield daemon
        finally:
            with suppress(ProcessLookupError):
                daemon.send_signal(signal.SIGINT)
            try:
                daemon.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                daemon.kill()
