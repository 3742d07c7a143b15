"""Small articles by number: each has events of its own, some are copies, some cannot be read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

OLD_NS = 1_700_000_000_000_000_000
TOWNS = ("Aden", "Bria", "Cali", "Daraa", "Erbil", "Faro", "Goma", "Hama", "Idlib", "Jos", "Kayes", "Lome")


def article(number: int, edition: int = 0) -> bytes:
    """The text of an article; another edition of it tells of another town."""
    town, next_town = TOWNS[(number + edition) % len(TOWNS)], TOWNS[(number * 5 + edition + 1) % len(TOWNS)]
    return (
        f"Rebels attack {town} in report {number}\n\n{number % 28 + 1} May 2024\n\n"
        f"Rebels attacked {town} on Friday. Norway condemned Report{number} on Friday.\n\n"
        f"Troops left {next_town} on Monday. Troops attacked Edition{edition} on Sunday.\n"
    ).encode()


def write(folder: Path, numbers: Iterable[int], edition: int = 0) -> None:
    """Writes those articles as files that have lain there for a while; every tenth cannot be an article."""
    for number in numbers:
        data = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 20 if number % 10 == 9 else article(number, edition)
        drop(folder / f"{number % 3}" / f"{number:05d}.txt", data, edition)


def drop(path: Path, data: bytes, edition: int = 0) -> None:
    """Writes a file with a time of its own, long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    age = OLD_NS + edition * 1_000_000_000
    os.utime(path, ns=(age, age))
