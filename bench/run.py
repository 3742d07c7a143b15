"""How fast Dateline is, as ratios to a plain script measured in the same call.

    python -m bench.run [--articles 2000] [--pairs 5] [--only PART ...] [--write]

B is the speed of a plain script in one process: `nlp.pipe` of the packaged model with its defaults over the same
cleaned text. Machines are noisy: each figure is the median over pairs, each pair measured one right after the other.
`--write` writes bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from flows.environment import set_environment

set_environment()  # before NumPy is imported: one thread for matrix products, as in a run

from bench import large, shares, workload  # noqa: E402
from bench.workload import ROOT  # noqa: E402

RESULTS = ROOT / "bench" / "RESULTS.md"
PARTS = ("speed", "peers", "shares", "doubling", "growth", "memory", "nothing", "writing", "million")
PAGE = """# How fast Dateline is

{machine}.

{articles:,} articles ({source}), {words:,} words; median of {pairs} pairs, measured one right after the other. B is the
speed of a plain script: `nlp.pipe` of the packaged model with its defaults, in one process, over the same cleaned text.

{table}
"""
TEXT_PARTS = (
    5  # the plain script is measured on a fifth of the texts at a time: its speed does not depend on their number
)
SMALL = 64  # articles of the run that starts everything up, each of two workers too
SOME = 1000  # articles that a large corpus is made of
FEW = 100  # articles that come to a large corpus


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table; `most` tells that the value must not exceed its floor, else that it must reach it."""

    name: str
    value: float
    floor: float | None = None
    aim: float | None = None
    unit: str = ""
    most: bool = False
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the floor is met; a figure without one always is."""
        return self.floor is None or (self.value <= self.floor if self.most else self.value >= self.floor)


class Subject:
    """A process of `bench.subjects` that is asked again and again."""

    def __init__(self, kind: str, argument: Path, *, python: str = sys.executable, home: Path | None = None) -> None:
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        if home is not None:
            environ |= {"PREFECT_HOME": str(home)}
            environ.pop("PREFECT_API_URL", None)
        self._process = subprocess.Popen(
            [python, "-m", "bench.subjects", kind, str(argument)],
            cwd=ROOT, env=environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, **request: Any) -> dict[str, Any]:
        """One measurement. Raises RuntimeError where the process has ended."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args} ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """Ends the process in its own way, so that it can end its servers."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(60)


class Bench:
    """The subjects that a call needs, started at their first use, and what they measured."""

    def __init__(self, folder: Path, *, articles: int, pairs: int) -> None:
        self.folder, self.pairs, self.articles = folder, pairs, articles
        self.pages = workload.pages(articles)
        self.seeds = workload.write_pages(self.pages, folder / "seeds")
        texts = workload.cleaned(self.pages)
        self.words = workload.words(texts)
        self.texts = folder / "texts.json"
        self.texts.write_text(json.dumps(texts), encoding="utf-8")
        self.small = workload.write_pages(workload.pages(SMALL), folder / "small")
        self._subjects: dict[str, Subject] = {}

    def subject(self, kind: str, *, python: str = sys.executable) -> Subject:
        """The process of that kind; kinds of flow are 'flow 1' and 'flow 2', by workers."""
        if kind not in self._subjects:
            if kind.startswith("flow"):
                self._subjects[kind] = Subject("flow", self.small, home=self.folder / "prefect")
            else:
                self._subjects[kind] = Subject(kind, self.texts, python=python)
        return self._subjects[kind]

    def close(self) -> None:
        for subject in self._subjects.values():
            subject.close()

    def flow(self, workers: int, **request: Any) -> dict[str, Any]:
        """A run of the flow over the articles (or `seeds`), from nothing (or into `outputs`)."""
        return self.subject(f"flow {workers}").ask(workers=workers, **{"seeds": str(self.seeds), **request})

    # -- parts

    def speed(self) -> Iterator[Figure]:
        """One and two workers against the plain script."""
        rounds = []
        for number in range(self.pairs):
            part = [number % TEXT_PARTS, TEXT_PARTS]
            plain, parse = self.subject("plain").ask(part=part), self.subject("parse").ask(part=part)
            rounds.append((plain, parse, self.flow(1), self.flow(2)))
        speed = [plain["words"] / plain["seconds"] for plain, *_ in rounds]
        cost = [plain["cpu"] / plain["words"] for plain, *_ in rounds]  # processor seconds a word
        yield Figure("B: plain script, words per second", median(speed))
        ratio = [self.words / one["seconds"] / b for b, (_, _, one, _) in zip(speed, rounds, strict=True)]
        yield Figure("one worker, end to end", median(ratio), 1.4, 1.75, "B", note=spread(ratio))
        both = [self.words / two["seconds"] / b for b, (*_, two) in zip(speed, rounds, strict=True)]
        yield Figure("two workers, end to end", median(both), 2.0, 3.0, "B", note=spread(both))
        effort = [c * self.words / one["cpu"] for c, (_, _, one, _) in zip(cost, rounds, strict=True)]
        yield Figure("one worker, processor time of all processes", median(effort), unit="B", note=spread(effort))
        outside = [100 * (1 - parse["cpu"] / parse["words"] * self.words / one["cpu"]) for _, parse, one, _ in rounds]
        yield Figure("share of CPU outside spaCy's components", median(outside), 20, 10, "%", True, spread(outside))
        against = [
            100 * (one["cpu"] / self.words - parse["cpu"] / parse["words"]) / c
            for c, (_, parse, one, _) in zip(cost, rounds, strict=True)
        ]
        yield Figure("the same CPU as a share of the plain script's", median(against), unit="%", note=spread(against))
        gain = [one["seconds"] / two["seconds"] for _, _, one, two in rounds]
        yield Figure("two workers over one", median(gain), 1.8, 1.95, "", note=spread(gain))
        alone = [parse["words"] / parse["seconds"] / b for b, (_, parse, _, _) in zip(speed, rounds, strict=True)]
        yield Figure("Dateline's parse alone", median(alone), unit="B", note=spread(alone))

    def peers(self) -> Iterator[Figure]:
        """What users write today, on the same articles."""
        python = os.environ.get("DATELINE_BENCH_TEXTACY", sys.executable)
        kinds = {"nlp.pipe(n_process=2)": ("plain2", sys.executable)}
        if python != sys.executable or importlib.util.find_spec("textacy"):
            kinds["textacy: subject-verb-object triples"] = ("textacy", python)
        for name, (kind, interpreter) in kinds.items():
            ratio = []
            for number in range(self.pairs):
                part = [number % TEXT_PARTS, TEXT_PARTS]
                script = self.subject("plain").ask(part=part)
                ratio.append(script["seconds"] / self.subject(kind, python=interpreter).ask(part=part)["seconds"])
            yield Figure(f"peer: {name}", median(ratio), unit="B", note=spread(ratio))

    def shares(self) -> Iterator[Figure]:
        """What extraction costs, and dates and places within it."""
        plain = self.subject("plain").ask()["cpu"]
        spent = shares.extraction_shares(self.pages)
        yield Figure("extraction over plain spaCy", 100 * spent["extraction"] / plain, 15, 15, "%", True)
        yield Figure("extraction over Dateline's own parse", 100 * spent["extraction"] / spent["parse"], unit="%")
        for part in ("dates", "places"):
            yield Figure(f"{part} within extraction", 100 * spent[part] / spent["extraction"], 5, 5, "%", True)

    def doubling(self) -> Iterator[Figure]:
        """Twice the articles: every second one first, since the later ones may be longer."""
        half = workload.write_pages(self.pages[::2], self.folder / "half")
        twice = [self.flow(1)["seconds"] / self.flow(1, seeds=str(half))["seconds"] for _ in range(self.pairs)]
        yield Figure("time for 2N new articles over N", median(twice), 2.1, 2.0, "", True, spread(twice))

    def growth(self) -> Iterator[Figure]:
        """A few articles that come to many: the whole command, as a user waits for it, and the flow alone, warm."""
        seeds, outputs = self.corpus(100_000)
        commands, flows = [], []
        large.run_command(self.small, self.folder / "started")  # makes the server's database
        for number in range(self.pairs):
            new = self.few(2 * number, seeds / f"new{2 * number}")
            none = large.run_command(new, self.folder / f"none{number}")
            commands.append(large.run_command(seeds, outputs) / none)
            new = self.few(2 * number + 1, seeds / f"new{2 * number + 1}")
            flows.append((self.flow(1, seeds=str(new)), self.flow(1, seeds=str(seeds), outputs=str(outputs))))
        name = "100 articles on 100,000 over on none"
        yield Figure(name, median(commands), 1.2, 1.05, "", True, f"{spread(commands)}, whole `dateline run`")
        for what, how in (("seconds", "the flow alone"), ("cpu", "the flow alone, processor time")):
            ratio = [many[what] / none[what] for none, many in flows]
            yield Figure(f"{name}, {how}", median(ratio), note=spread(ratio))

    def memory(self) -> Iterator[Figure]:
        """What a worker and the flow's own process hold at most: over many articles, and over few that come to many."""
        yield Figure("memory per worker", max(self.flow(1)["workers_mb"]), 500, 250, "MB", True)
        peaks = []
        for articles in (10_000, 100_000):
            seeds, outputs = self.corpus(articles)
            self.few(0, seeds / "new")
            subject = Subject("flow", self.small, home=self.folder / "prefect")
            try:
                peaks.append(subject.ask(workers=1, seeds=str(seeds), outputs=str(outputs)))
            finally:
                subject.close()
        worker, main = ([p["workers_mb"][0] for p in peaks], [p["main_mb"] for p in peaks])
        for who, (few, many) in (("worker", worker), ("the flow's process", main)):
            note = f"{few:.0f} to {many:.0f} MB"
            yield Figure(f"{who}, 10,000 to 100,000 articles", 100 * (many / few - 1), 5, 0, "%", True, note)

    def corpus(self, articles: int) -> tuple[Path, Path]:
        """Seeds and outputs of a corpus of so many articles, coded by the code as it is."""
        some = self.folder / "some"
        if not some.exists():
            pages = workload.dated(workload.pages(SOME), days=large.DAYS_APART)
            self.flow(1, seeds=str(workload.write_pages(pages, self.folder / "dated")), outputs=str(some))
        into = Path(tempfile.mkdtemp(dir=self.folder))
        large.enlarge(some, into / "outputs", into / "seeds", articles=articles)
        return into / "seeds", into / "outputs"

    def few(self, number: int, folder: Path) -> Path:
        """Another hundred articles of three days, none of which the corpus holds."""
        new = workload.pages(SOME + FEW * (number + 1))[-FEW:]
        return workload.write_pages(workload.dated(new, days=3), folder)

    def nothing(self) -> Iterator[Figure]:
        """Runs that find nothing to do."""
        for files, floor, aim in ((10_000, 0.15, 0.05), (100_000, 1.0, 0.6)):
            yield Figure(f"nothing changed, decision for {files:,} files", large.no_change_decision(files), floor, aim,
                         "s", True)  # fmt: skip
        with prefect_server(self.folder / "server") as url:
            running, imported = large.no_change_process(api_url=url)
        note = f"imports {', '.join(imported)}" if imported else "no spaCy, GX, pandas"
        yield Figure("nothing changed, whole process, running server", running, 4, 2.9, "s", True, note)
        temporary, _ = large.no_change_process(api_url=None)
        yield Figure("nothing changed, whole process, temporary server", temporary, 12, 9.5, "s", True)

    def writing(self) -> Iterator[Figure]:
        """Bytes of all files that a run writes for each byte that it adds."""
        outputs = self.folder / "written"
        run = self.flow(1, outputs=str(outputs), count=True)
        new = sum(f.stat().st_size for f in (outputs / "current").resolve().rglob("*.parquet"))
        yield Figure("bytes written over bytes of new output", run["written"] / new, 1.3, 1.05, "", True)

    def million(self) -> Iterator[Figure]:
        """A million events at once."""
        outputs = self.folder / "few"
        self.flow(1, outputs=str(outputs), seeds=str(self.small))
        write, check = large.million_events(outputs)
        yield Figure("one million events: write", write, 5, 0.5, "s", True)
        yield Figure("one million events: validate", check, 3, 1.3, "s", True)


def one_worker_ratio(*, articles: int = 100, pairs: int = 3) -> float:
    """Processor time of the plain script over that of a whole run with one worker, the median of some pairs.

    Other programs on the machine disturb processor time less than the clock: it is what a gate can rest on.
    """
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        bench = Bench(Path(folder), articles=articles, pairs=pairs)
        try:
            return median(bench.subject("plain").ask()["cpu"] / bench.flow(1)["cpu"] for _ in range(pairs))
        finally:
            bench.close()


def spread(values: list[float]) -> str:
    """The least and the most of the pairs."""
    return f"{min(values):.2f} to {max(values):.2f}" if len(values) > 1 else ""


@contextlib.contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """A Prefect server of its own; gives the address of its API."""
    import httpx

    port = 4000 + os.getpid() % 1000
    url = f"http://127.0.0.1:{port}/api"
    environ = {**os.environ, "PREFECT_HOME": str(home)}
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port), "--no-ui"]
    server = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    try:
        for _ in range(1200):
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"{url}/health", timeout=1).raise_for_status()
                break
        yield url
    finally:
        server.terminate()
        server.wait(30)


def machine() -> str:
    """What it was measured on."""
    facts = dict(
        line.split(":", 1) for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if ":" in line
    )
    name = next((v.strip() for k, v in facts.items() if k.strip() == "model name"), platform.processor())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{name}, {os.cpu_count()} cores, {memory:.0f} GB; {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; load when it began: {os.getloadavg()[0]:.1f}"
    )


def table(figures: list[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| figure | measured | floor | reach for | |", "|---|---|---|---|---|"]
    for f in figures:
        floor, aim = (f"{v:g} {f.unit}".strip() if v is not None else "" for v in (f.floor, f.aim))
        note = " ".join(n for n in (f.note, "" if f.met else "**below its floor**") if n)
        digits = ",.0f" if f.value >= 100 else ".2f"
        lines.append(f"| {f.name} | {f.value:{digits}} {f.unit} | {floor} | {aim} | {note} |")
    return "\n".join(lines)


def main() -> int:
    """Prints the table; 1 where a figure misses its floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--write", action="store_true", help="write bench/RESULTS.md")
    options = parser.parse_args()
    where = machine()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as folder:
        bench = Bench(Path(folder), articles=options.articles, pairs=options.pairs)
        try:
            for part in options.only:
                for figure in getattr(bench, part)():
                    figures.append(figure)
                    print(f"{figure.name}: {figure.value:.3f} {figure.unit}", file=sys.stderr, flush=True)
        finally:
            bench.close()
    page = PAGE.format(
        machine=where,
        articles=options.articles,
        source="news of the BBC" if workload.BULK.exists() else "the project's seeds, repeated",
        words=bench.words,
        pairs=options.pairs,
        table=table(figures),
    )
    print(page)
    if options.write:
        RESULTS.write_text(page, encoding="utf-8")
    return 0 if all(f.met for f in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
