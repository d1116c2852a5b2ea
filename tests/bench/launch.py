"""Run one command and tell what it took, as one line of JSON.

    python tests/bench/launch.py LOG COMMAND...

A process begins with the peak memory of the one that started it, and the bench is larger than what
it measures. So the command is started from here, and timed here.
"""

import json
import os
import subprocess
import sys
import time


def main() -> int:
    """Run it, its output to the log, and give its exit code."""
    log, *command = sys.argv[1:]
    with open(log, "wb") as said:  # noqa: PTH123 - pathlib would make this process larger
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - began
    taken = {
        "seconds": seconds,
        "memory_mb": used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2),
        "cpu_s": used.ru_utime + used.ru_stime,
    }
    print(json.dumps(taken))  # noqa: T201 - who started it reads this
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
