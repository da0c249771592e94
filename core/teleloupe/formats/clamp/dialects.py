"""The shapes a summary has had, and the fields they agree on under different names (section 5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Dialect = Literal["alpha", "five keys", "phase2", "phase3", "phase4", "current"]

# field -> its names, the one that wins first; those of the alpha shape last
GROUPS: dict[str, tuple[str, ...]] = {
    "source_directory": ("source_directory", "sourceDirectory"),
    "session_count": ("session_count", "sessionCount", "sample_count"),
    "mean_stability": ("mean_stability", "meanStability", "stability_mean"),
    "stability_variance": ("stability_variance", "stabilityVariance", "variance"),
    "drift_index": ("drift_index", "driftIndex", "driftPercentile", "drift_ms"),
}
FRACTIONS = ("mean_stability", "stability_variance", "drift_index")  # what is written with six decimals
ALIASES = ("sourceDirectory", "sessionCount", "meanStability", "stabilityVariance")  # of the contract
LEGACY_KEYS = frozenset({"variance", "driftPercentile", "sample_count", "stability_mean"})
KNOWN_KEYS = frozenset(name for names in GROUPS.values() for name in names) | {
    "build_info",
    *("duration_mean", "duration_variance"),  # alpha
    *("backend", "deviceName", "device_name"),  # phase3
    *("trustStatus", "provenanceIssuer", "provenanceTimestamp", "digestAlgorithm", "policyDecision"),  # phase4
}
PERCENTILE_DIALECTS: tuple[Dialect, ...] = ("phase2", "phase3", "phase4")
TIMED_DIALECTS: tuple[Dialect, ...] = ("five keys", "current")  # drift is a range of times, at least in one build
DRIFT_MEANING: dict[Dialect, str] = {
    "alpha": "the largest range of record indexes in a file",
    "five keys": "the range of acquisition times in ms, or of record indexes in a line-scanning build",
    "phase2": "the 95th percentile of durations in ms",
    "phase3": "the 95th percentile of durations in ms",
    "phase4": "the 95th percentile of durations in ms",
    "current": "the range of acquisition times in ms",
}


def dialect_of(top: Mapping[str, Any], *, has_final_newline: bool) -> Dialect:
    """Which revision's shape a summary has; the five plain keys are told from the current shape by the newline."""
    if "sample_count" in top or "stability_mean" in top:
        return "alpha"
    if "trustStatus" in top or "policyDecision" in top:
        return "phase4"
    if not top.keys() & LEGACY_KEYS:
        is_five = not has_final_newline and "build_info" not in top and not top.keys() & set(ALIASES)
        return "five keys" if is_five else "current"
    return "phase3" if "backend" in top or "deviceName" in top else "phase2"


def present(top: Mapping[str, Any], group: str) -> tuple[str, ...]:
    """The names of a group that a summary has, the one that wins first."""
    return tuple(name for name in GROUPS[group] if name in top)
