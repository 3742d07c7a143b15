"""Who may know whom: the stages know Prefect, the rules do not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PURE = ("tasks/text", "tasks/nlp", "tasks/lexicon", "tasks/contracts", "tasks/storage")
STAGES = {"ingest", "clean", "split", "extract", "validate", "publish"}


def modules(*folders: str) -> list[Path]:
    return [p for folder in folders for p in sorted((ROOT / folder).glob("*.py"))]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def uses(path: Path, package: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for name in imported(path))


@pytest.mark.parametrize("path", modules(*PURE), ids=str)
def test_the_pure_parts_know_neither_prefect_nor_the_stages(path: Path) -> None:
    assert not uses(path, "prefect")
    assert not uses(path, "flows")
    assert not uses(path, "tasks.store")
    assert not any(uses(path, f"tasks.{stage}") for stage in STAGES)


@pytest.mark.parametrize("path", modules("tasks", "tasks/text", "tasks/contracts", "expectations", "flows"), ids=str)
def test_spacy_is_known_to_nlp_alone(path: Path) -> None:
    assert not uses(path, "spacy")


@pytest.mark.parametrize("path", modules(*PURE, "flows", "tasks"), ids=str)
def test_great_expectations_is_known_to_expectations_alone(path: Path) -> None:
    assert not uses(path, "great_expectations")


@pytest.mark.parametrize("path", modules("tasks/contracts"), ids=str)
def test_contracts_are_a_leaf(path: Path) -> None:
    assert not any(name.startswith("tasks.") and not name.startswith("tasks.contracts") for name in imported(path))


@pytest.mark.parametrize("path", [ROOT / "tasks" / f"{stage}.py" for stage in sorted(STAGES)], ids=str)
def test_no_stage_imports_another_stage_or_a_flow(path: Path) -> None:
    others = STAGES - {path.stem}
    assert not uses(path, "flows")
    assert not any(uses(path, f"tasks.{stage}") for stage in others)


@pytest.mark.parametrize("path", modules("flows"), ids=str)
def test_flow_files_define_no_types(path: Path) -> None:
    """Prefect loads `flows/x.py:fn` as module `x`: a type defined there would be another type elsewhere."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
