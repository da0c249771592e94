"""Settings of the whole test run."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "teleloupe",
    max_examples=int(os.environ.get("TELELOUPE_EXAMPLES", "60")),
    deadline=None,  # machines are shared; time is the benchmarks' business
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("teleloupe")


@pytest.fixture(autouse=True)
def _same_everywhere(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One time zone, colours, no clipboard of ours, nothing remembered of other runs."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TELELOUPE_CLIPBOARD", "osc52")
    for name in ("NO_COLOR", "TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
