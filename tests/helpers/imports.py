"""Modules that are imported, and calls that are made."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys

from tests.helpers.paths import PACKAGE


def called(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", getattr(node.func, "id", "")))


def loaded_by(code: str) -> set[str]:
    """Modules in memory after `code` ran in a fresh interpreter whose standard output is no terminal."""
    program = f"{code}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))
