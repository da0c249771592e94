"""The names of the headless commands and the exit statuses; apart from them, so that the app need not load click."""

from __future__ import annotations

# command -> (module, one line for the overview); the producers' commands come last
COMMANDS: dict[str, tuple[str, str]] = {
    "list": ("ledger", "The ledger: one line a file."),
    "show": ("show", "A file's header, records and issues."),
    "check": ("check", "Validate everything and verify every claim."),
    "verify": ("verify", "Checksums only: verdict, explanation and proof."),
    "diff": ("diff", "Two artefacts, or one against the bytes its checksum was taken of."),
    "memory": ("memory", "What is remembered of verified files; --clear forgets it."),
    "stats": ("stats", "Columns in figures: nulls, distinct, percentiles, most frequent values."),
    "export": ("export", "Write tables as JSON, JSONL, CSV, TSV, Markdown or HTML."),
    "demo": ("demo", "A directory to try Teleloupe on, with a live writer, in the inspector."),
    "doctor": ("doctor", "What this installation, terminal and machine can do."),
    "help": ("help", "A command's page, as COMMAND --help prints it."),
    "completion": ("completion", "What makes a shell complete teleloupe's commands, options and names."),
    "formats": ("about", "The formats and kinds that are known."),
    "rules": ("about", "What is checked, why, and where the rule comes from."),
    "loom": ("loom", "Toyfoundry: feeds or a rollup to exports."),
    "conduit": ("conduit", "WeftEnd: the pull-only telemetry conduit."),
    "session": ("session", "SVR: recompute score and report, export CSV profiles."),
    "summarize": ("summarize", "Clamp: telemetry_summary.json from session files."),
    "report": ("report", "Bootloader: text to JSON and back, .wasm, compression."),
}
# option of the inspector -> what it does
INSPECTOR: dict[str, str] = {
    "--as FORMAT": "Read everything as this format.",
    "--ignore GLOB": "Leave out files and directories; may be given again.",
    "--alert WHAT": "Ring on error, warning, file, sum, or a filter on records.",
    "--read-only": "Write nothing into the directory, whatever is pressed.",
    "--no-memory": "Neither keep nor recall bytes that a checksum held for.",
    "--no-state": "Neither keep nor come back to where you left a directory.",
    "--config FILE": "Another configuration than the usual one.",
    "--no-config": "None.",
    "--ascii": "Draw with ASCII alone.",
    "--linear": "Answer typed lines with lines of text instead of drawing a screen.",
}
COMPLETE = "_TELELOUPE_COMPLETE"  # set by a shell's completion script, to what is asked for
USAGE, UNREADABLE, BUG, INTERRUPTED = 2, 3, 70, 130
