"""Start Dagster's page, behind its guard, and its daemon: `make dagster`."""

import os
import signal
import sys

from pipeline.errors import as_digest_error
from pipeline.lines import echo_err, print_traceback
from pipeline.network import keep_loopback_direct
from pipeline.orchestration.guard import allowed_hosts
from pipeline.orchestration.setup import load, unknown_options, write_dagster_config
from pipeline.settings import load as load_settings
from pipeline.settings import unknown_variables

_INTERRUPTED_EXIT_CODE = 130


def main() -> None:
    """Run until Ctrl-C, which ends all of it."""
    sys.excepthook = print_traceback
    # A shell's `&` has Ctrl-C ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        keep_loopback_direct()
        options = load()
        os.environ.update(write_dagster_config(options, load_settings()))
        hosts = allowed_hosts(options.host, options.port, options.hosts)
        for line in (*unknown_variables(os.environ), *unknown_options(os.environ)):
            echo_err(f"warning: {line}")
    except Exception as error:  # noqa: BLE001 - the last handler of all
        failure = as_digest_error(error)
        echo_err(str(failure))
        sys.exit(failure.exit_code)
    try:
        from pipeline.orchestration.webserver import serve

        host = f"[{options.host}]" if ":" in options.host else options.host
        echo_err(f"Dagster's page is http://{host}:{options.port}/")
        interrupted = serve(options.host, options.port, hosts)
    except KeyboardInterrupt:
        interrupted = True
    if not interrupted:
        echo_err("Dagster's daemon ended by itself: see what it said above")
    sys.exit(_INTERRUPTED_EXIT_CODE if interrupted else 1)


if __name__ == "__main__":
    main()
