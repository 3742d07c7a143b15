"""Every compiled regular expression of the project, and how long each takes on strings made to hurt it."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

import expectations
import flows
import tasks
from tests.faults.sweep import Row

SHORT, LONG = 2_000, 4_000
PIECES = (
    *"aA1 \n\t.,-(\"'<&;/@:=#_*[{|é",
    *("<a ", "A.", "a-", "1.", "1,", "a b ", "Ab ", "May ", "3 May ", "and ", "the ", "By ", "\n\n", " \n", "a\n"),
    *("http://", "U.S. ", "\u0301", "\xa0", "x=", "\r\n", "---", "1 "),
)
SEEKING = ("search", "sub", "subn", "split", "findall", "finditer")
INLINE = {"re.match": False, "re.fullmatch": False} | {f"re.{name}": True for name in SEEKING}  # sought in all the text
WORTH_SECONDS = 0.003  # below it the clock decides
MOST_RATIO = 2.9  # 2 is linear, 4 is quadratic


def compiled() -> Iterator[tuple[str, re.Pattern[Any], bool]]:
    """Each pattern with its name, and whether the code looks for it anywhere in a text rather than at its start."""
    seen: set[Any] = set()
    for package in (tasks, flows, expectations):
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                for pattern in _patterns(value, 3):
                    if pattern not in seen:
                        seen.add(pattern)
                        yield f"{info.name}.{name}", pattern, _sought(module, name)
            for line, pattern, sought in _inline(module):
                if pattern not in seen:
                    seen.add(pattern)
                    yield f"{info.name}:{line}", pattern, sought


def _inline(module: Any) -> Iterator[tuple[int, re.Pattern[Any], bool]]:
    """Patterns written where they are used: `re.sub(r"...", ...)`."""
    for node in ast.walk(ast.parse(inspect.getsource(module) or "")):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in INLINE:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str | bytes):
                yield node.lineno, re.compile(first.value), INLINE[ast.unparse(node.func)]


def _sought(module: Any, name: str) -> bool:
    uses = re.compile(rf"\b{re.escape(name)}\.(?:search|finditer|findall|sub|subn|split)\b")
    return bool(uses.search(inspect.getsource(module)))


def _patterns(value: Any, depth: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, Mapping):
        for item in value.values():
            yield from _patterns(item, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _patterns(item, depth - 1)


def _seconds(pattern: re.Pattern[Any], text: Any, sought: bool) -> float:
    start = time.process_time()
    if sought:
        pattern.search(text)
    pattern.match(text)
    return time.process_time() - start


def find_slow() -> Row:
    """Twice the text takes at most MOST_RATIO the time, whatever the text."""
    row = Row("regular expressions, twice the text")
    for name, pattern, sought in compiled():
        for piece in PIECES:
            row.tried += 1
            for end in ("", "\x00!"):
                texts = [piece * (n // len(piece)) + end for n in (SHORT, LONG)]
                if isinstance(pattern.pattern, bytes):
                    texts = [t.encode() for t in texts]  # type: ignore[misc]
                if _seconds(pattern, texts[1], sought) < WORTH_SECONDS:
                    continue
                ratios = [
                    _seconds(pattern, texts[1], sought) / max(1e-6, _seconds(pattern, texts[0], sought))
                    for _ in range(3)
                ]
                if min(ratios) > MOST_RATIO:
                    row.fail(f"{name} on {piece!r}: {min(ratios):.1f} times")
                    break
    return row
