"""The command line agrees with the specifications' vectors and corpora, which are kept beside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from teleloupe import formats

REPOSITORY = Path(__file__).parents[2]
SHARED = REPOSITORY.parent / "shared"

pytestmark = pytest.mark.skipif(
    not (SHARED / "conformance" / "run.py").is_file(), reason="the vectors and corpora are not beside this checkout"
)


@pytest.mark.parametrize("form", formats.NAMES)
def test_the_command_line_agrees_with_every_vector(form: str) -> None:
    tool = f"{sys.executable} -m teleloupe"
    words = [sys.executable, str(SHARED / "conformance" / "run.py"), "--tool", tool, "--format", form]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY / "core")}

    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)

    assert done.returncode == 0, done.stdout
