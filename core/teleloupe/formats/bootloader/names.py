"""What a file's name says (Bootloader specification, section 1)."""

from __future__ import annotations

import re

_NUMBERED = re.compile(
    r"(?:gen_|quine_telemetry_gen|quine_sys_telemetry_\d{1,18}_gen)(\d{1,18})\.txt(?:\.gz)?", re.ASCII
)
_OF_RUN = re.compile(r"gen_(\d{1,18})\.txt(?:\.gz)?", re.ASCII)


def is_report_name(name: str) -> bool:
    """Whether the producer's own reader, or one of its exports, gives a file that name."""
    return (name.startswith("gen_") and ".txt" in name) or _NUMBERED.fullmatch(name) is not None


def is_run_name(name: str) -> bool:
    """Whether a file belongs to the run of its directory; exports at the press of a button belong to none."""
    return name.startswith("gen_") and ".txt" in name


def number_of(name: str) -> int | None:
    """The generation in a report's name."""
    match = _NUMBERED.fullmatch(name)
    return int(match[1]) if match else None


def kernel_name(number: int) -> str:
    """The name of the file beside a report that holds its kernel in base64."""
    return f"kernel_{number}.b64"


def normalised_run(name: str) -> str:
    """A run directory's name for sorting: the start time with and without its underscore are one."""
    return name.replace("_", "") if name.replace("_", "").isdigit() else name
