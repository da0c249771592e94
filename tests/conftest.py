"""Settings of the whole test run."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "teleloupe",
    max_examples=int(os.environ.get("TELELOUPE_EXAMPLES", "60")),
    deadline=None,  # machines are shared; time is the benchmarks' business
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("teleloupe")
