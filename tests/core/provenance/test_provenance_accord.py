"""Who vouches for what, findings by cause, and what Toyfoundry's rules make of verdicts."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from signed_files import laid_out, sha256

from teleloupe.formats.toyfoundry.digests import embedded_claims, listed_artefacts
from teleloupe.model import Claim, Issue, Proof, Snapshot, Verdict
from teleloupe.provenance import access
from teleloupe.provenance.accord import Stand, contradiction, stands, unvouched
from teleloupe.provenance.causes import causes, tally, tally_line
from teleloupe.provenance.recover import recover

RECORD = {
    "batch_id": "b",
    "duration_ms": 0,
    "ritual": "forge",
    "schema_version": "1.0",
    "status": "success",
    "units_processed": 1,
}
EXPORT = json.dumps([RECORD], indent=2).encode() + b"\n"
CRLF = EXPORT.replace(b"\n", b"\r\n")


def codes(snapshot: Snapshot, path: str) -> list[tuple[str, str, str]]:
    """The codes about digests, their severities and places."""
    found = [issue for issue in snapshot.issues_of(path) if issue.code[:3] in ("TF5", "TF6")]
    return [(i.code, i.severity, i.at) for i in found if i.code not in ("TF604", "TF605", "TF606", "TF607", "TF501")]


def manifest(digest: object, **more: object) -> bytes:
    artefact = {"filename": "composite_export.json", "path": "composite_export.json", "sha256": digest}
    document = {"manifest_version": "1.0", "order_id": "o", "generated_at": "2025-10-23T05:29:49Z", **more}
    return json.dumps(document | {"artifacts": [artefact]}).encode()


@pytest.mark.parametrize(
    ("signed", "sidecar_code", "embedded_severity"),
    [
        (CRLF, ("TF505", "warning", ""), "warning"),
        (b"\xef\xbb\xbf" + EXPORT, ("TF506", "warning", ""), "warning"),
        (EXPORT[:-1], ("TF507", "warning", ""), "warning"),
        (json.dumps([RECORD]).encode(), ("TF510", "warning", ""), "warning"),
        (b"nothing like it", ("TF510", "error", ""), "error"),
    ],
)
def test_sidecars_and_embedded_digests_are_judged_alike(
    tmp_path: Path, signed: bytes, sidecar_code: tuple[str, str, str], embedded_severity: str
) -> None:
    tree = {
        "composite_export.json": EXPORT,
        "composite_export.json.sha256": sha256(signed).encode(),
        "export_manifest.json": manifest(sha256(signed).upper()),
    }

    snapshot = laid_out(tmp_path, tree)

    assert codes(snapshot, "composite_export.json") == [sidecar_code]
    assert codes(snapshot, "export_manifest.json") == [("TF601", embedded_severity, "/artifacts/0/sha256")]


def test_a_sidecar_and_a_manifest_that_disagree_are_told_who_holds(tmp_path: Path) -> None:
    tree = {
        "composite_export.json": EXPORT,
        "composite_export.json.sha256": sha256(EXPORT).encode(),
        "export_manifest.json": manifest(sha256(CRLF)),
    }

    snapshot = laid_out(tmp_path, tree)

    assert codes(snapshot, "export_manifest.json") == [
        ("TF602", "error", "/artifacts/0/sha256"),
        ("TF601", "warning", "/artifacts/0/sha256"),
    ]
    assert (
        contradiction(stands(snapshot.verdicts)["composite_export.json"])
        == "composite_export.json.sha256 holds; export_manifest.json does not hold"
    )


def test_a_listed_artefact_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    snapshot = laid_out(tmp_path, {"export_manifest.json": manifest(sha256(EXPORT))})

    assert codes(snapshot, "export_manifest.json") == [("TF603", "error", "/artifacts/0/sha256")]


def test_a_listed_artefact_whose_bytes_lie_under_another_name_is_missing_and_contradicts_no_sidecar(
    tmp_path: Path,
) -> None:
    listing = manifest(sha256(EXPORT))
    tree = {
        "export_manifest.json": listing,
        "export_manifest.json.sha256": sha256(listing).encode(),
        "old.json": EXPORT,
    }

    snapshot = laid_out(tmp_path, tree)

    assert codes(snapshot, "export_manifest.json") == [("TF603", "error", "/artifacts/0/sha256")]


def test_an_embedded_value_that_is_no_digest_is_said(tmp_path: Path) -> None:
    tree = {"composite_export.json": EXPORT, "export_manifest.json": manifest("abc")}

    snapshot = laid_out(tmp_path, tree)

    assert [v.word for v in snapshot.verdicts] == ["unreadable-claim"]
    assert codes(snapshot, "export_manifest.json") == [("TF601", "error", "/artifacts/0/sha256")]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("composite_export.json", None),
        ("x/exports/composite_export.json", "holds only from a directory above the watched one"),
        ("exports/composite_export.json", "holds only from the watched directory"),
        ("C:\\x\\composite_export.json", "does not resolve from here"),
        ("other.json", "names another file than composite_export.json"),
    ],
)
def test_the_path_inside_a_sidecar_is_judged(tmp_path: Path, written: str, said: str | None) -> None:
    tree = {
        "exports/composite_export.json": EXPORT,
        "exports/composite_export.json.sha256": f"{sha256(EXPORT)}  {written}\n".encode(),
    }

    found: list[Issue] = list(laid_out(tmp_path, tree).issues_of("exports/composite_export.json.sha256"))

    assert [issue.code for issue in found] == (["TF511"] if said else [])
    assert all(said in issue.message for issue in found if said)


def test_every_shape_of_metadata_gives_its_claims() -> None:
    digest = "a" * 64

    claims = [
        *embedded_claims("m", {"artifacts": [{"path": "x.json", "sha256": digest}, {"filename": "y.json"}]}),
        *embedded_claims("m", {"artifacts": {"x.json": digest.upper()}}),
        *embedded_claims("m", {"files": ["x.json"], "checksums": {"x.json": f"sha256:{digest}"}}),
        *embedded_claims("m", {"sha256": {"C:\\a/x.json": digest}, "sizes_bytes": {"C:\\a/x.json": 12}}),
    ]

    assert [(c.kind, c.subject, c.expected, c.at) for c in claims] == [
        ("embedded", "x.json", digest, "/artifacts/0/sha256"),
        ("embedded", "x.json", digest, "/artifacts/x.json"),
        ("embedded", "x.json", digest, "/checksums/x.json"),
        ("embedded", "C:\\a/x.json", digest, "/sha256/C:\\a~1x.json"),
        ("size", "C:\\a/x.json", "12", "/sizes_bytes/C:\\a~1x.json"),
    ]


@pytest.mark.parametrize("root", [None, [], 3, {"artifacts": [1, None, {}]}, {"artifacts": {"": "x"}}, {"files": [2]}])
def test_metadata_of_any_shape_gives_claims_or_none(root: object) -> None:
    assert (embedded_claims("m", root), list(listed_artefacts(root))) == ((), [])


def test_files_that_are_listed_without_a_digest_are_told() -> None:
    root = {"artifacts": [{"filename": "a"}, {"path": "b", "sha256": "0" * 64}], "files": ["c", "b"]}

    assert list(listed_artefacts(root)) == [("/artifacts/0", "a"), ("/files/0", "c")]


def test_a_size_is_explained_by_line_ends(tmp_path: Path) -> None:
    root = {"schema": "build-info@1.0", "sizes_bytes": {"C:\\x\\composite_export.json": len(CRLF), "gone.json": 1}}
    tree = {"composite_export.json": EXPORT, "build_info.json": json.dumps(root).encode()}

    verdicts = laid_out(tmp_path, tree).verdicts

    assert [(v.word, v.actual, v.proof) for v in verdicts] == [
        ("line-endings", str(len(EXPORT)), Proof(("lf->crlf",))),
        ("missing-artefact", None, None),
    ]


def verdict(subject: str, word: str, claimant: str = "s", expected: str = "1", proof: Proof | None = None) -> Verdict:
    return Verdict(Claim(claimant, "sidecar", subject, expected), subject, "2", word, proof)


def test_claimants_that_agree_stand_together() -> None:
    found = stands([verdict("a", "mismatch", "m"), verdict("a", "mismatch", "b"), verdict("a", "ok", "s", "2")])

    assert found == {"a": (Stand("sha256", "2", "ok", ("s",)), Stand("sha256", "1", "mismatch", ("m", "b")))}
    assert contradiction(found["a"]) == "s holds; m and b agree and do not hold"


def test_files_that_nobody_vouches_for_are_listed(tmp_path: Path) -> None:
    tree = {"composite_export.json": EXPORT, "x/composite_export.json": EXPORT, "notes.txt": b"unknown"}
    tree["x/composite_export.json.sha256"] = sha256(EXPORT).encode()

    snapshot = laid_out(tmp_path, tree)

    assert unvouched(snapshot.documents, snapshot.verdicts) == ["composite_export.json"]


def test_the_tally_counts_artefacts_by_their_worst_verdict() -> None:
    found = [verdict("a", "ok"), verdict("a", "line-endings", "m"), verdict("b", "ok"), verdict("c", "older-version")]

    assert tally(found) == {"ok": 1, "line-endings": 1, "older-version": 1, "mismatch": 0}
    assert tally_line(found) == "3 sums: 1 ok, 1 line ends, 1 older version, 0 unexplained"


def test_one_cause_is_one_row_with_all_its_places_and_one_fix() -> None:
    eol = Proof(("lf->crlf",))
    found = [verdict(f"x/{name}.csv", "line-endings", f"x/{name}.csv.sha256", proof=eol) for name in "abc"]

    (cause,) = causes([*found, verdict("x/a.json", "ok")])

    assert (cause.word, cause.form, len(cause.verdicts)) == ("line-endings", ("lf->crlf",), 3)
    assert cause.fixes == (
        "echo '/x/*.csv text eol=crlf' >> .gitattributes",
        "git add --renormalize .",
        "(cd x && sha256sum a.csv > a.csv.sha256)",
        "(cd x && sha256sum b.csv > b.csv.sha256)",
        "(cd x && sha256sum c.csv > c.csv.sha256)",
    )


def test_a_fix_quotes_what_a_shell_would_obey(tmp_path: Path) -> None:
    name = "$(touch ran)'; touch ran;.json"
    snapshot = laid_out(tmp_path, {name: EXPORT, f"{name}.sha256": sha256(CRLF).encode()})

    for fix in causes(snapshot.verdicts)[0].fixes:
        subprocess.run(["sh", "-c", fix], cwd=tmp_path, check=False, capture_output=True)

    assert not (tmp_path / "ran").exists()
    assert (tmp_path / f"{name}.sha256").read_text().split()[0].lstrip("\\") == sha256(EXPORT)


def test_a_json_export_vouches_for_the_csv_beside_it(tmp_path: Path) -> None:
    header = b"schema_version,batch_id,ritual,units_processed,status,duration_ms\r\n"
    tree = {
        "a/composite_export.json": EXPORT,
        "a/composite_export.csv": header + b"1.0,b,forge,1,success,0\r\n",
        "b/composite_export.json": EXPORT,
        "b/composite_export.csv": header + b"1.0,b,forge,2,success,0\r\n",
    }

    snapshot = laid_out(tmp_path, tree)

    assert [(v.claim.kind, v.claim.claimant, v.subject, v.word) for v in snapshot.verdicts] == [
        ("twin", "a/composite_export.json", "a/composite_export.csv", "ok"),
        ("twin", "b/composite_export.json", "b/composite_export.csv", "mismatch"),
    ]
    assert tally(snapshot.verdicts) == {"ok": 0, "mismatch": 0}
    assert "TF205" in [issue.code for issue in snapshot.issues_of("b/composite_export.csv")]


def test_what_the_loom_makes_of_the_feeds_explains_an_edited_export(tmp_path: Path) -> None:
    mint = {"alfa_id": "b", "name": "n", "dry_run": False, "status": "minted", "seed": 1, "recipe_name": None}
    feed = mint | {"output_path": None, "timestamp": "2025-10-12T00:00:00+00:00"}
    edited = EXPORT.replace(b'"units_processed": 1', b'"units_processed": 7')
    tree = {
        "forge_mint_alfa.jsonl": json.dumps(feed).encode() + b"\n",
        "quilt/exports/composite_export.json": edited,
        "quilt/exports/composite_export.json.sha256": sha256(CRLF).encode(),
        "near/composite_export.json": edited,
        "near/composite_export.json.sha256": sha256(CRLF.replace(b'"b"', b'"c"')).encode(),
    }

    snapshot = laid_out(tmp_path, tree)

    words = {v.subject: (v.word, v.proof) for v in snapshot.verdicts if v.claim.kind == "sidecar"}
    proof = Proof(("lf->crlf",), "regenerated", "forge_mint_alfa.jsonl")
    assert words["quilt/exports/composite_export.json"] == ("regenerated", proof)
    assert words["near/composite_export.json"] == ("mismatch", None)
    assert ("TF508", "error", "") in codes(snapshot, "quilt/exports/composite_export.json")
    (explained,) = [v for v in snapshot.verdicts if v.word == "regenerated"]
    assert recover(explained, snapshot.documents, access.below(str(tmp_path))) == CRLF
