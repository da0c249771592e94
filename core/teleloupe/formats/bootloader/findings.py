"""Collecting issues: what repeats is one issue with a count (Bootloader specification, section 7)."""

from __future__ import annotations

from msgspec import structs

from teleloupe.model import Issue, Rule, Severity

MAX_TEXT = 200  # characters of a value that an issue quotes
MAX_APART = 100  # issues of one rule that are kept apart by what they concern; hostile files could make millions


class Findings:
    """The issues found so far. Mutable on purpose: it lives while one file is read."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], Issue] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self._apart: dict[str, int] = {}

    def add(
        self,
        rule: Rule,
        at: int | str,
        message: str,
        *,
        expected: str | None = None,
        actual: str | None = None,
        severity: Severity | None = None,
        apart: str = "",
    ) -> None:
        """Note a fault at a line or place; later ones of the same rule only count, unless they are `apart`."""
        key = rule.id, self._kept_apart(rule.id, apart)
        if key in self._first:
            self._counts[key] += 1
            return
        place = f"line {at}" if isinstance(at, int) else at
        found, meant = _shortened(actual), _shortened(expected)
        self._first[key] = rule.issue(place, message, expected=meant, actual=found, severity=severity)
        self._counts[key] = 1

    def has(self, rule: Rule) -> bool:
        """Whether a rule was broken."""
        return any(broken == rule.id for broken, _ in self._first)

    def issues(self) -> tuple[Issue, ...]:
        """Every issue, with its count."""
        return tuple(
            issue if self._counts[key] == 1 else structs.replace(issue, count=self._counts[key])
            for key, issue in self._first.items()
        )

    def _kept_apart(self, rule: str, apart: str) -> str:
        if not apart or (rule, apart) in self._first:
            return apart
        self._apart[rule] = self._apart.get(rule, 0) + 1
        return apart if self._apart[rule] <= MAX_APART else ""


def _shortened(text: str | None) -> str | None:
    return text if text is None or len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"
