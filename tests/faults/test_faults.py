"""The quick part of the harness: a few of each fault. `make faults` does all of it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.faults import damage, direct, patterns, places, sweep
from tests.faults.sweep import Row, Scene

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Scene:
    patch = pytest.MonkeyPatch()
    request.addfinalizer(patch.undo)
    for name, value in sweep.SMALL.items():
        patch.setenv(name, value)
    direct.warm()
    return sweep.prepare(tmp_path_factory.mktemp("faults"))


def sound(row: Row) -> None:
    assert row.tried
    assert row.failures == []


@pytest.mark.parametrize(("name", "step"), [("kill", 100), ("ENOSPC", 200), ("power lost: data", 200)])
def test_a_fault_at_any_point_loses_nothing(scene: Scene, name: str, step: int) -> None:
    sound(sweep.sweep(scene, name, range(step // 2, scene.points, step)))


def test_power_lost_is_noticed_where_nothing_is_synced(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.faults.points.SYNCS_COUNT", False)
    row = sweep.sweep(scene, "power lost: data", [scene.points])
    assert row.failures


def test_flipped_bits_are_found(scene: Scene) -> None:
    sound(damage.find_flipped_bits(scene, each=10))


@pytest.mark.parametrize("part", [places.stale_lock, places.same_size_and_time])
def test_other_runs_and_racy_edits(scene: Scene, part: object) -> None:
    sound(part(scene))  # type: ignore[operator]


def test_patterns_are_found() -> None:
    assert len(list(patterns.compiled())) > 50


FORBIDDEN = {"eval", "exec", "mktemp", "extractall", "system", "popen"}
FORBIDDEN_IMPORTS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}


def dangers(source: str) -> list[str]:
    """What in the source would run data as code, or unpack it where it wants."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] in FORBIDDEN_IMPORTS]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in FORBIDDEN_IMPORTS:
            found.append(str(node.module))
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if name in FORBIDDEN or (owner, name) in {("yaml", "load"), ("yaml", "unsafe_load")}:
                found.append(f"{owner}.{name}")
            found += ["shell=True" for k in node.keywords if k.arg == "shell" and getattr(k.value, "value", None)]
    return found


@pytest.mark.parametrize("folder", ["flows", "tasks", "expectations"])
def test_nothing_runs_data_as_code(folder: str) -> None:
    found = {str(p): d for p in (ROOT / folder).rglob("*.py") if (d := dangers(p.read_text(encoding="utf-8")))}
    assert found == {}


@pytest.mark.parametrize(
    "source", ["import pickle", "from joblib import load", "eval('1')", "yaml.load(x)", "run(x, shell=True)"]
)
def test_what_would_is_seen(source: str) -> None:
    assert dangers(source)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_has_a_hash_for_everything(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    pinned = [n for n, line in enumerate(lines) if line and not line.startswith((" ", "#"))]
    assert len(pinned) > 50
    for n in pinned:
        assert "==" in lines[n]
        assert "--hash=sha256:" in lines[n + 1]
