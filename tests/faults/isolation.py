"""A whole `dateline run` where there is no network but the loopback: nothing phones home, nothing differs.

Python's audit events of every process of the run are written down as well: a name looked up or an address connected to
that is not this machine is a failure even where it could not have been reached.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.faults import repeat
from tests.faults.server_faults import ROOT, environment
from tests.faults.sweep import Row
from tests.faults.trials import content

WATCH = r"""
import os, sys
def _see(event, args):
    if event in ("socket.connect", "socket.getaddrinfo"):
        where = args[1] if event == "socket.connect" else args
        with open(os.environ["FAULTS_CALLS"], "a") as file:
            file.write(f"{event}\t{where[0] if isinstance(where, tuple) else where}\n")
sys.addaudithook(_see)
"""
OWN = ("127.0.0.1", "localhost", "::1", "b'127.0.0.1'", "b'localhost'", "/", "None")
LOOPBACK_UP = "import fcntl, socket, struct; s = socket.socket(); " + (
    "fcntl.ioctl(s, 0x8914, struct.pack('16sh', b'lo', 0x1 | 0x40))"  # SIOCSIFFLAGS: up and running
)


def without_network(root: Path, *, with_network: Path) -> Row:
    """The project's sample articles by the real command: the tables of a run with a network, no call to elsewhere."""
    row = Row("a whole run without a network (`unshare -n`), every call noted", tried=1)
    repeat.copy_samples(root / "seeds")
    (root / "watch").mkdir()
    (root / "watch" / "sitecustomize.py").write_text(WATCH)
    env = environment(root / "home", FAULTS_CALLS=str(root / "calls"), PYTHONPATH=f"{root / 'watch'}{os.pathsep}{ROOT}")
    for name in ("DATELINE_MODEL", "DO_NOT_TRACK"):
        env.pop(name, None)
    run = [sys.executable, "-m", "flows.cli", "run", "--seeds", str(root / "seeds"), "--outputs", str(root / "out")]
    bare = f'{sys.executable} -S -c {json.dumps(LOOPBACK_UP)} && exec "$@"'
    isolated = ["unshare", "--map-root-user", "--net", "sh", "-c", bare, "sh"]
    possible = subprocess.run([*isolated, "true"], env=env, capture_output=True).returncode == 0
    done = subprocess.run([*isolated, *run] if possible else run, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        row.fail(done.stderr[-500:])
        return row
    calls = (root / "calls").read_text().splitlines()
    foreign = sorted({call for call in calls if not call.split("\t")[1].startswith(OWN)})
    row.failures += [f"it calls {call}" for call in foreign]
    row.lost += len(foreign)
    if content(root / "out") != content(with_network):
        row.fail("the tables differ")
    row.note = f"{len(calls):,} calls, all to this machine" + ("" if possible else "; unshare is not allowed here")
    return row
