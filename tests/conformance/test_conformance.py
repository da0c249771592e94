"""The command line agrees with the specifications' vectors and corpora, which are kept beside the repository."""

from __future__ import annotations

import importlib
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teleloupe import formats

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared"
RUNNER = SHARED / "conformance"

pytestmark = pytest.mark.skipif(
    not (RUNNER / "run.py").is_file(), reason="the vectors and corpora are not beside this checkout"
)


@pytest.fixture(scope="module")
def zygote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The socket of a process that runs commands."""
    path = str(tmp_path_factory.mktemp("zygote") / "socket")
    with subprocess.Popen([sys.executable, str(HERE / "zygote.py"), path], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        yield path
        process.terminate()


@pytest.mark.parametrize("form", formats.NAMES)
def test_the_command_line_agrees_with_every_vector(form: str, zygote: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(RUNNER))
    common = importlib.import_module("common")

    class ForkedTool(common.Tool):  # type: ignore[name-defined,misc]  # imported by path
        """The runner's tool, its commands run by the zygote."""

        def run(self, *args: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
            return forked(zygote, [str(arg) for arg in args], cwd)

    module = importlib.import_module(form)
    monkeypatch.setattr(module, "Tool", ForkedTool)  # a family that makes tools of its own makes these
    checks = list(module.checks(SHARED, ForkedTool(("teleloupe",))))

    assert checks
    assert [(check.name, check.difference) for check in checks if not check.held] == []


def forked(path: str, args: list[str], cwd: Path | None) -> subprocess.CompletedProcess[bytes]:
    """One run of the command line in a process of its own."""
    request = {"args": args, "cwd": str(cwd or Path.cwd())}
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(json.dumps(request).encode() + b"\n")
        with connection.makefile("rb") as stream:
            head: dict[str, Any] = json.loads(stream.readline())
            stdout, stderr = stream.read(head["stdout"]), stream.read(head["stderr"])
    return subprocess.CompletedProcess(args, head["status"], stdout, stderr)
