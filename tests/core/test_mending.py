from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from teleloupe.mending import fixes
from teleloupe.workspace import Workspace

RECORD = (
    '{"schema_version": "1.0", "batch_id": "a-1", "ritual": "forge", "units_processed": 1, "status": "success", '
    '"duration_ms": 1}'
)
CSV = b"schema_version,batch_id,ritual,units_processed,status,duration_ms\n1.0,a-1,forge,1,success,1\n"


def mended(root: Path, path: str, rule: str) -> tuple[str, ...]:
    """The commands for the first issue of a rule."""
    snapshot = Workspace(str(root)).refresh()
    issue = next(issue for issue in snapshot.issues_of(path) if issue.rule.id == rule)
    return fixes(snapshot, path, issue)


@pytest.mark.parametrize(
    ("name", "data", "rule", "after"),
    [
        ("composite_export.csv", CSV, "toyfoundry/csv-eol", CSV.replace(b"\n", b"\r\n")),
        ("forge_mint_alfa.jsonl", b"\xef\xbb\xbf" + b'{"alfa_id": "alfa-1", "output_path": "x"}\n', "toyfoundry/bom",
         b'{"alfa_id": "alfa-1", "output_path": "x"}\n'),
    ],
)  # fmt: skip
def test_the_command_does_what_the_rule_asks(tmp_path: Path, name: str, data: bytes, rule: str, after: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    (command,) = mended(tmp_path, name, rule)

    subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, check=True)

    assert (tmp_path / name).read_bytes() == after
    snapshot = Workspace(str(tmp_path)).refresh()
    assert rule not in {issue.rule.id for issue in snapshot.issues_of(name)}


def test_a_missing_sidecar_is_made_beside_its_file_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "it's here"
    folder.mkdir()
    path = folder / "composite_export.json"
    path.write_text(f"[{RECORD}]\n")
    command = mended(tmp_path, "it's here/composite_export.json", "toyfoundry/sidecar-missing")[0]

    subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, check=True)

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert Path(f"{path}.sha256").read_text() == f"{digest}  composite_export.json\n"


def test_what_only_a_producer_can_mend_has_no_command(tmp_path: Path) -> None:
    (tmp_path / "composite_export.json").write_text(f"[{RECORD.replace('forge', 'forgery')}]\n")
    snapshot = Workspace(str(tmp_path)).refresh()
    errors = [issue for issue in snapshot.issues_of("composite_export.json") if issue.severity == "error"]

    assert errors
    assert all(fixes(snapshot, "composite_export.json", issue) == () for issue in errors)
