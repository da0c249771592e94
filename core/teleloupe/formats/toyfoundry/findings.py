"""Issues, collected with a bound: hostile input may break one rule a million times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import structs

from teleloupe.model import Issue

KEPT_PER_RULE = 200  # issues of a rule that are kept one by one; the rest are counted


class Findings:
    """Collects issues; beyond KEPT_PER_RULE of a rule the next stands for all others by its `count`."""

    def __init__(self, issues: Iterable[Issue] = ()) -> None:
        self._kept: list[Issue] = []
        self._seen: Counter[str] = Counter()
        self._folded: dict[str, Issue] = {}
        self.extend(issues)

    def add(self, issue: Issue) -> None:
        """Take one more issue."""
        rule = issue.rule.id
        self._seen[rule] += 1
        if self._seen[rule] <= KEPT_PER_RULE:
            self._kept.append(issue)
            return
        first = self._folded.get(rule, issue)
        count = issue.count + (first.count if rule in self._folded else 0)
        self._folded[rule] = structs.replace(first, count=count)

    def extend(self, issues: Iterable[Issue]) -> None:
        """Take more issues."""
        for issue in issues:
            self.add(issue)

    def issues(self) -> tuple[Issue, ...]:
        """All of them, in the order they came, the folded ones last."""
        folded = (
            structs.replace(issue, message=f"{issue.message}; {issue.count} such places from here on")
            for issue in self._folded.values()
        )
        return (*self._kept, *folded)
