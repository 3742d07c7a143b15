"""Which written words may be forms of a verb or noun, by the rules and exceptions of the model's lemmatizer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import srsly

_TABLES = "lemmatizer/lookups/lookups.bin"


def forms_of(lemma: str, *, model: str) -> tuple[str, frozenset[str]] | None:
    """How words begin that may be forms of the lemma, and the forms that begin otherwise ("sought" of "seek").

    None where the model's own table of exceptions cannot be read: any word may be one.
    """
    exceptions = _exceptions(model)
    if exceptions is None:
        return None
    # the lemmatizer's rules take an ending off and put "e", "y", "f" or "man" in its place, or nothing
    stem = lemma[:-2] if lemma.endswith("man") else lemma[:-1] if lemma.endswith(("e", "y", "f")) else lemma
    return stem, exceptions.get(lemma, frozenset())


@cache
def _exceptions(model: str) -> Mapping[str, frozenset[str]] | None:
    """The irregular forms of each lemma. Read from the file: loading the model for it would take two seconds."""
    found = find_spec(model)
    folder = Path(found.origin).parent if found is not None and found.origin else None
    files: Iterable[Path] = folder.glob(f"**/{_TABLES}") if folder is not None else ()
    forms: dict[str, set[str]] = {}
    file = next(iter(files), None)
    if file is None:
        return None
    for of_one_kind in srsly.msgpack_loads(file.read_bytes())["lemma_exc"].values():
        for form, lemmas in of_one_kind.items():
            for lemma in lemmas:
                forms.setdefault(lemma, set()).add(form)
    return {lemma: frozenset(found) for lemma, found in forms.items()}
