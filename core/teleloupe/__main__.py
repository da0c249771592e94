"""`python -m teleloupe`: the headless commands without the terminal app."""

import sys

from teleloupe.cli import main

if __name__ == "__main__":
    sys.exit(main())
