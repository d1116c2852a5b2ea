"""Start Dagster's page and its daemon on loopback: `make dagster`."""

import os
import signal
import sys

from pipeline.errors import as_digest_error
from pipeline.network import keep_loopback_direct
from pipeline.orchestration.setup import load, unknown_options, write_dagster_config
from pipeline.settings import load as load_settings
from pipeline.settings import unknown_variables


def main() -> None:
    """Become Dagster; Ctrl-C ends all of it."""
    try:
        keep_loopback_direct()
        options = load()
        environment = write_dagster_config(options, load_settings())
        for line in (*unknown_variables(os.environ), *unknown_options(os.environ)):
            sys.stderr.write(f"ainews-digest: warning: {line}\n")
    except Exception as error:  # noqa: BLE001 - the last handler of all
        failure = as_digest_error(error)
        sys.stderr.write(f"ainews-digest: {failure}\n")
        sys.exit(failure.exit_code)
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
