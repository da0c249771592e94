"""The `teleloupe` console script: a headless command where one is named, the inspector otherwise."""

from __future__ import annotations

import sys

from teleloupe import cli


def main() -> None:
    """Run and end the process with the command's exit status."""
    sys.exit(cli.main(sys.argv[1:]))


if __name__ == "__main__":
    main()
