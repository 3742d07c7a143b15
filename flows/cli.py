"""The command `dateline`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from flows.environment import set_environment
from tasks.contracts.errors import Fault

STOPPED = 130  # what shells report after Ctrl-C
app = typer.Typer(
    name="dateline",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="News articles in, a validated table of events out: who did what to whom, when and where.",
)
Seeds = Annotated[Path, typer.Option(help="Folder with the articles.")]
Outputs = Annotated[Path, typer.Option(help="Folder of the tables.")]


@app.command(epilog="Example: dateline run --seeds articles --outputs tables")
def run(
    seeds: Seeds = Path("seeds"),
    outputs: Outputs = Path("outputs"),
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Do everything again, also what has not changed.")] = False,
) -> None:
    """Bring the tables up to date with the articles.

    Ends with 0 when done (also with rejects), 1 when it failed, 2 on wrong usage, 3 when another run holds the outputs.
    """
    with plain_faults():
        from flows.reading import print_report
        from flows.start import run_flow

        print_report(run_flow(seeds=seeds, outputs=outputs, rebuild=rebuild))


@app.command(epilog="Example: dateline status --seeds articles --outputs tables")
def status(seeds: Seeds = Path("seeds"), outputs: Outputs = Path("outputs")) -> None:
    """Say what is new, changed and gone since the last run, and what the tables hold."""
    with plain_faults():
        from flows.reading import print_status

        print_status(seeds=seeds, outputs=outputs)


@app.command(epilog="Example: dateline show 2022/summit.txt")
def show(
    key: Annotated[str, typer.Argument(metavar="EVENT_ID|ARTICLE_KEY", help="An event's or an article's key.")],
    outputs: Outputs = Path("outputs"),
) -> None:
    """Show an event in its sentence, or an article with its events, with everything known of it."""
    with plain_faults():
        from flows.reading import print_record

        print_record(key, outputs=outputs)


@app.command(epilog='Example: dateline explain "Rebels shelled Aleppo on Monday." --published 2016-08-03')
def explain(
    sentence: Annotated[str, typer.Argument(help="An English sentence or a short paragraph.")],
    published: Annotated[str | None, typer.Option(help="Day of publication, YYYY-MM-DD.", metavar="DAY")] = None,
) -> None:
    """Say what is extracted from a sentence and why, or why nothing is."""
    with plain_faults():
        from flows.reading import print_explanation

        print_explanation(sentence, published=published)


@contextlib.contextmanager
def plain_faults() -> Iterator[None]:
    """Turns a foreseeable fault into one plain sentence on standard error and its exit code."""
    from flows.reading import printable

    try:
        yield
    except Fault as fault:
        typer.echo(f"dateline: {printable(str(fault))}", err=True)
        raise typer.Exit(fault.exit_code) from None
    except KeyboardInterrupt:
        typer.echo("dateline: stopped; what was published stays, the next run does the rest", err=True)
        raise typer.Exit(STOPPED) from None


def main() -> None:
    """Entry point of the command."""
    set_environment()
    app()
