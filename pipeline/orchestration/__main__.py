"""Start Dagster's page and its daemon on loopback: `make dagster`."""

import os
import signal
import sys

from pipeline.errors import DigestError
from pipeline.orchestration.setup import load, write_dagster_config
from pipeline.settings import load as load_settings


def main() -> None:
    """Become Dagster; Ctrl-C ends all of it."""
    try:
        options = load()
        environment = write_dagster_config(options, load_settings())
    except DigestError as error:
        sys.stderr.write(f"ainews-digest: {error}\n")
        sys.exit(error.exit_code)
    # A shell's `&` has Ctrl-C ignored, and Dagster takes SIGTERM for the same.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.stderr.write(f"ainews-digest: Dagster's page is http://{options.host}:{options.port}/\n")
    command = ["-m", "dagster", "dev", "--module-name", "pipeline.orchestration.definitions"]
    where = ["--host", options.host, "--port", str(options.port)]
    # `dg`, which Dagster would rather have, is a tool for projects that it has laid out itself.
    quiet = ["-W", "ignore:Function `dev_command`"]
    os.execve(sys.executable, [sys.executable, *quiet, *command, *where], environment)  # noqa: S606 - a fixed command, no shell


if __name__ == "__main__":
    main()
