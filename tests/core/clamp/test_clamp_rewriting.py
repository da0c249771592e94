"""Sessions written anew: order, exact seeds, cells that no spreadsheet runs."""

from __future__ import annotations

import json

import pytest
from clamp_files import loaded, record, session

from teleloupe.formats.clamp.rewriting import session_products

PATH = "build/telemetry/clamp_run_20251020T091500Z.json"
LARGE = record(seed=2**64 - 1, context='=1+"1"', extra=[1], released_at=None)


def products(content: bytes) -> dict[str, bytes]:
    return {product.path: product.data for product in session_products(loaded(content, PATH), {})}


def test_a_session_is_rewritten_beside_its_directory_with_fields_in_contract_order() -> None:
    made = products(session(record(), LARGE))

    stem = "build/normalised/clamp_run_20251020T091500Z"
    assert sorted(made) == [f"{stem}.json", f"{stem}.records.csv", f"{stem}.records.jsonl"]
    rewritten = json.loads(made[f"{stem}.json"])
    assert list(rewritten["records"][1])[:7] == [
        "context", "seed", "thread_id", "acquired_at", "released_at", "duration_ms", "stability_score",
    ]  # fmt: skip
    assert (rewritten["records"][1]["seed"], rewritten["records"][1]["extra"]) == (2**64 - 1, [1])


def test_lines_carry_the_seed_as_text_and_in_hexadecimal() -> None:
    made = products(session(LARGE))

    (line,) = made["build/normalised/clamp_run_20251020T091500Z.records.jsonl"].splitlines()
    assert json.loads(line)["seed_text"] == "18446744073709551615"
    assert json.loads(line)["seed_hex"] == "0xffffffffffffffff"


def test_csv_quotes_seeds_as_text_and_defuses_formulas() -> None:
    made = products(session(LARGE))

    row = made["build/normalised/clamp_run_20251020T091500Z.records.csv"].decode().splitlines()[1]
    assert row.startswith('"\'=1+""1""","18446744073709551615",')


@pytest.mark.parametrize(
    "content",
    [
        session(record())[:-20],
        session(record(), record(seed=7)).replace(b'"seed": 7', b'"seed": nan'),
        session(record(), record(seed=7)).replace(b'"seed": 7', b'"seed": 007'),
        b'{"stability_score": 0.5, "records": null}',
        b"[]",
    ],
)
def test_a_session_that_is_not_read_to_its_end_is_not_rewritten(content: bytes) -> None:
    assert products(content) == {}
