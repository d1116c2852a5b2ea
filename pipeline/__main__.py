"""`python -m pipeline` is the command `ainews-digest`."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
