"""`python tests/eval`; the folder is a package only when its own folder is on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from eval.cli import main

if __name__ == "__main__":
    sys.exit(main())
