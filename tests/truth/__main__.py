"""The command line: so many operations, in scenes, and the table of what was right.

Exit status 1: something was wrong that was said to be sure.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from .scene import scene
from .tally import Tally

SCENE = 2000
"""Operations of a scene, which begins with new namespaces."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.truth", description=__doc__)
    parser.add_argument("--operations", type=int, default=SCENE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the captures")
    options = parser.parse_args()
    tally, seed = Tally(), options.seed
    while tally.operations < options.operations:
        left = options.operations - tally.operations
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) if options.keep is None else options.keep / str(seed)
            folder.mkdir(parents=True, exist_ok=True)
            tally.update(scene(folder, min(SCENE, left), seed))
        print(f"seed {seed}: {tally.operations} operations, {len(tally.broken)} wrong although sure", file=sys.stderr)
        seed += 1
    print(*tally.table(), *sorted(tally.wrong), sep="\n")
    return 1 if tally.broken else 0


sys.exit(main())
