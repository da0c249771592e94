"""What each pane is, in a sentence or two: the first thing that help says."""

from __future__ import annotations

ABOUT: dict[str, str] = {
    "files": "Every file: its state, what became of its checksum, format, kind, records, age; as a table or a tree.",
    "artefact": "The selected file: what is known of it, and its header's fields with units and meanings; or its text.",
    "records": "The records of the selected file, a row each, under the columns of its format.",
    "record": "One record, field by field, with units, meanings and how the file spells it; or its text.",
    "issues": "What is wrong: each cause with how often and where it is found, or every issue one by one.",
    "place": "One issue: the rule and where it comes from, what was expected, what is there, and the lines around it.",
    "sums": "What became of each checksum: by reason, with what mends it, or claim by claim.",
    "verdict": "One checksum: who claims it, what was tried, what proves the explanation, and what changed since.",
    "diff": "What differs between two versions: record by record, line by line, or byte by byte.",
    "change": "One difference in full: both sides, and what the field means.",
    "look": "A view of the format's own: what it works out of a file or directory, with charts of figures.",
    "fields": "One row of the view in full.",
    "stats": "Every column of a list in figures: how many values, how different, how large, how spread.",
    "values": "Every value of one column and how often it occurs.",
    "made": "What the producer's own rules make of the file, beside what is there.",
    "edit": "What would change in one of these files if it were written.",
    "bytes": "The bytes as they are stored, with their offsets and letters.",
    "live": "What happened since the start, the newest first.",
}
