"""Bootloader reports: a self-rewriting machine's history, one file a generation (Bootloader specification)."""

from __future__ import annotations

from teleloupe.columns import column, key_of
from teleloupe.formats import Format, Kind
from teleloupe.formats.bootloader.products import products, regenerate
from teleloupe.formats.bootloader.reading import FORMAT_ID, KIND, detect, parse, validate
from teleloupe.formats.bootloader.rules import RULES
from teleloupe.formats.bootloader.runs import relate
from teleloupe.formats.bootloader.views import VIEWS

FIELDS = (
    column("generated", "time of writing, UTC"),
    column("generation", "generation about to boot", type="integer"),
    column("kernel_size", "stated length of the payload", unit="bytes", type="integer"),
    column("era", "name of the generation's age; only old versions print it"),
    column("attempted", "mutations attempted in the run", type="integer"),
    column("applied", "mutations that inserted something", type="integer"),
    column("breakdown", "applied mutations by kind; removals are never counted", type="json"),
    column("trap", "reason of the run's last failure, which stays after later successes"),
    column("duration", "duration of the generation as written: labelled ms, really seconds", type="number"),
    column("min", "smallest adopted mutant; null before the first", unit="bytes", type="integer"),
    column("max", "largest adopted mutant; null before the first", unit="bytes", type="integer"),
    column("blacklist", "entries of the heuristic blacklist", type="integer"),
    column("advisor", "reports of earlier runs that the advisor found", type="integer"),
    column("instances_declared", "alive instances", type="integer"),
    column("instances", "the instances' own texts", type="json"),
    column("opcodes", "opcodes of the payload's code as listed", type="json"),
    column("kernel", "length in bytes and SHA-256 of the decoded payload", type="json"),
    column("unknown", "labels and sections that no known version prints", type="json"),
)

FORMAT = Format(
    id=FORMAT_ID,
    title="Bootloader",
    source="formats/bootloader.md",
    kinds=(Kind(KIND, "Generation report", FIELDS),),
    rules=RULES,
    detect=detect,
    parse=parse,
    validate=validate,
    relate=relate,
    views=VIEWS,
    products=products,
    regenerate=regenerate,
    key=key_of({KIND: ("generation", "time", "action")}),
    tells_damage=True,
)
