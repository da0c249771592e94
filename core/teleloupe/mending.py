"""What mends an issue, as commands for a shell that stands in the watched directory; nothing here runs them."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping

from teleloupe.model import Issue, Snapshot, Verdict
from teleloupe.provenance.causes import causes


def fixes(snapshot: Snapshot, path: str, issue: Issue) -> tuple[str, ...]:
    """The commands that mend an issue of a document, any one of them; () where its producer has to."""
    found = [
        fix
        for verdict in snapshot.verdicts
        if verdict.word != "ok" and _is_meant(verdict, path, issue)
        for cause in causes((verdict,))
        for fix in cause.fixes
    ]
    if make := _BY_RULE.get(issue.rule.id):
        found.append(make(path))
    return tuple(dict.fromkeys(found))


def _is_meant(verdict: Verdict, path: str, issue: Issue) -> bool:
    """Whether an issue is about a claim: at the place where the claim stands, or about the sum of the file."""
    if verdict.claim.claimant == path and verdict.claim.at == issue.at:
        return True
    slug = issue.rule.id.rpartition("/")[2]
    return verdict.subject == path and not issue.at and slug.startswith(("digest", "sidecar"))


def _in_place(program: str) -> Callable[[str], str]:
    return lambda path: f"sed -i {shlex.quote(program)} {_operand(path)}"


def _operand(path: str) -> str:
    return shlex.quote(f"./{path}" if path.startswith("-") else path)


def _sidecar(path: str) -> str:
    folder, _, name = path.rpartition("/")
    words = f"sha256sum {_operand(name)} > {shlex.quote(f'{name}.sha256')}"
    return f"(cd {_operand(folder)} && {words})" if folder else words


_WITHOUT_MARK = _in_place(r"1s/^\xEF\xBB\xBF//")
_WITH_LF, _WITH_CRLF = _in_place(r"s/\r$//"), _in_place(r"s/\r\?$/\r/")
_BY_RULE: Mapping[str, Callable[[str], str]] = {
    "toyfoundry/bom": _WITHOUT_MARK,
    "svr/file-bom": _WITHOUT_MARK,
    "clamp/enc-bom": _WITHOUT_MARK,
    "bootloader/bom": _WITHOUT_MARK,
    "bootloader/crlf": _WITH_LF,
    "svr/csv-line-ending": _WITH_LF,
    "toyfoundry/csv-eol": _WITH_CRLF,
    "toyfoundry/sidecar-missing": _sidecar,
    "bootloader/over-64k": lambda path: f"gzip -9 {_operand(path)}",
}
