"""`python -m tests.faults.one_run SEEDS OUTPUTS`: a run of the flow's body in an interpreter of its own, all else real.

It prints the digests of what it made. What it needs is imported late: its worker processes import this module, too.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

CLOCK = "FAULTS_CLOCK"  # seconds that the clock is off


def main(seeds: str, outputs: str) -> None:
    """Runs and prints."""
    if CLOCK in os.environ:
        real, off = time.time, int(os.environ[CLOCK])
        time.time = lambda: real() + off
        time.time_ns = lambda: int((real() + off) * 1e9)
    from tests.faults import direct
    from tests.faults.trials import content

    direct.run_whole(Path(seeds), Path(outputs))
    print(json.dumps(content(Path(outputs)), sort_keys=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
