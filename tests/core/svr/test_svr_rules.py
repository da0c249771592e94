"""The catalogue: every rule is there, and everything that is raised is in it."""

from __future__ import annotations

import re
from pathlib import Path

from teleloupe.formats import svr
from teleloupe.formats.svr.rules import BY_CODE, KEPT_PER_RULE, RULES, distinct, fault

FAMILIES = re.compile(
    r'"((?:file|bundle|event|time|lineage|limit|score|report|csv|privacy|determinism|golden|contract)\.[a-z_]+)"'
)


def test_the_catalogue_has_the_counts_of_the_specification() -> None:
    severities = [rule.severity for rule in RULES]

    assert len(set(BY_CODE)) == len(RULES) == 175
    assert [severities.count(word) for word in ("error", "warning", "info")] == [93, 69, 13]


def test_every_code_that_the_sources_name_is_a_rule() -> None:
    sources = [path for path in Path(svr.__file__).parent.glob("*.py") if path.name != "rules.py"]

    named = {code for path in sources for code in FAMILIES.findall(path.read_text("utf-8"))}

    assert named <= set(BY_CODE)
    shaped = {code for code in set(BY_CODE) - named if code.split(".")[1] in _MADE_UP}
    assert set(BY_CODE) - named == shaped


_MADE_UP = {  # codes that are put together from a family and a fault
    "field_missing", "field_type", "field_empty", "field_unknown", "enum_value", "number_range", "too_few_items",
}  # fmt: skip


def test_exact_repeats_are_told_once_and_floods_are_counted() -> None:
    issues = [fault("file.bom", f"/{n}", "x") for n in range(KEPT_PER_RULE + 5)]

    kept = list(distinct([*issues, *issues[:3], fault("file.encoding", "", "y")]))

    assert len(kept) == KEPT_PER_RULE + 1
    assert sum(issue.count for issue in kept if issue.rule is BY_CODE["file.bom"]) >= KEPT_PER_RULE + 5
