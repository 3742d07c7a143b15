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
Seeds = Annotated[str, typer.Option(help="Folder with the articles: a path or s3://bucket/prefix.", metavar="FOLDER")]
Outputs = Annotated[str, typer.Option(help="Folder of the tables: a path or s3://bucket/prefix.", metavar="FOLDER")]


@app.command(epilog="Example: dateline run --seeds articles --outputs tables")
def run(
    seeds: Seeds = "seeds",
    outputs: Outputs = "outputs",
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Do everything again, also what has not changed.")] = False,
    runner: Annotated[str, typer.Option(help="Where tasks run: threads, processes, dask or ray.")] = "threads",
    address: Annotated[str | None, typer.Option(help="A running Dask or Ray cluster.")] = None,
) -> None:
    """Bring the tables up to date with the articles.

    Ends with 0 when done (also with rejects), 1 when it failed, 2 on wrong usage, 3 when another run holds the outputs.
    """
    with plain_faults():
        from flows.reading import print_report
        from flows.start import run_flow

        print_report(run_flow(seeds=seeds, outputs=outputs, rebuild=rebuild, runner=runner, address=address))


@app.command(epilog="Example: dateline repair --seeds articles --outputs tables")
def repair(seeds: Seeds = "seeds", outputs: Outputs = "outputs") -> None:
    """Verify every part of the tables; make what is damaged anew from the articles it came from."""
    with plain_faults():
        from flows.reading import print_report
        from flows.repairing import repair_tables
        from flows.start import run_flow

        if repair_tables(outputs, seeds=seeds):
            print_report(run_flow(seeds=seeds, outputs=outputs, rebuild=False))


@app.command(epilog="Example: dateline status --seeds articles --outputs tables")
def status(seeds: Seeds = "seeds", outputs: Outputs = "outputs") -> None:
    """Say what is new, changed and gone since the last run, and what the tables hold."""
    with plain_faults():
        from flows.reading import print_status

        print_status(seeds=seeds, outputs=outputs)


@app.command(epilog="Example: dateline show 2022/summit.txt")
def show(
    key: Annotated[str, typer.Argument(metavar="EVENT_ID|ARTICLE_KEY", help="An event's or an article's key.")],
    outputs: Outputs = "outputs",
) -> None:
    """Show an event in its sentence, or an article with its events, with everything known of it."""
    with plain_faults():
        from flows.reading import print_record

        print_record(key, outputs=outputs)


@app.command(epilog='Example: dateline explain "Rebels shelled Aleppo on Monday." --published 2016-08-03')
def explain(
    sentence: Annotated[str, typer.Argument(help="An English sentence or a short paragraph.")],
    published: Annotated[str | None, typer.Option(help="Day of publication, YYYY-MM-DD.", metavar="DAY")] = None,
    seeds: Seeds = "seeds",
) -> None:
    """Say what is extracted from a sentence and why, or why nothing is."""
    with plain_faults():
        from flows.reading import print_explanation

        print_explanation(sentence, published=published, seeds=seeds)


@app.command(epilog="Example: dateline schema events")
def schema(
    table: Annotated[str | None, typer.Argument(help="A table; without it, the list of tables.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="The whole dictionary as a Markdown page.")] = False,
) -> None:
    """Say what the tables and their columns mean."""
    with plain_faults():
        from flows.analysis import print_schema

        print_schema(table, markdown=markdown)


@app.command(epilog='Example: dateline sql "select event_type, count(*) from events group by all"')
def sql(
    statement: Annotated[str, typer.Argument(help="A question in DuckDB's SQL; every table is a view.")],
    outputs: Outputs = "outputs",
    form: Annotated[str, typer.Option("--format", help="table, csv or jsonl.")] = "table",
) -> None:
    """Ask the tables in SQL."""
    with plain_faults():
        from flows.analysis import print_query

        print_query(statement, outputs=outputs, form=form)


@app.command(epilog="Example: dateline export --format geojson --type ASSAULT --from 2023-01-01 --out assaults.geojson")
def export(
    out: Annotated[Path, typer.Option(help="File to write.")],
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, geojson, gexf, gdelt or jsonl (PLOVER).")] = "csv",
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day, YYYY-MM-DD.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="Last day, YYYY-MM-DD.")] = None,
    types: Annotated[list[str] | None, typer.Option("--type", help="Event type; may be repeated.")] = None,
    countries: Annotated[
        list[str] | None, typer.Option("--country", help="Alpha-3 code of actor, target or place; may be repeated.")
    ] = None,
    actor: Annotated[str | None, typer.Option(help="Part of an actor's or target's name.")] = None,
    outputs: Outputs = "outputs",
) -> None:
    """Write the events as a file for another tool."""
    with plain_faults():
        from flows.analysis import write_export

        write_export(
            out,
            form=form,
            first=first,
            last=last,
            types=types or [],
            countries=countries or [],
            actor=actor,
            outputs=outputs,
        )


@app.command(epilog="Example: dateline report --out report.html")
def report(
    out: Annotated[Path, typer.Option(help="File to write.")] = Path("report.html"),
    figures: Annotated[Path | None, typer.Option(help="Folder for figures as PNG and SVG files.")] = None,
    outputs: Outputs = "outputs",
) -> None:
    """Write the events as one page with charts, a map and the sentences; it needs no network."""
    with plain_faults():
        from flows.analysis import write_figures, write_report

        write_report(out, outputs=outputs)
        if figures is not None:
            write_figures(figures, outputs=outputs)


@app.command(epilog="Example: dateline tables events --outputs s3://news/tables")
def tables(
    table: Annotated[str | None, typer.Argument(help="A table; without it, all of them.")] = None,
    outputs: Outputs = "outputs",
) -> None:
    """List the Parquet files that are the tables at this moment: one whole version."""
    with plain_faults():
        from flows.analysis import print_files

        print_files(table, outputs=outputs)


@app.command(epilog="Example: dateline versions")
def versions(outputs: Outputs = "outputs") -> None:
    """List the versions of the tables that are kept."""
    with plain_faults():
        from flows.analysis import print_versions

        print_versions(outputs)


@app.command(epilog="Example: dateline diff 3 5")
def diff(
    old: Annotated[int | None, typer.Argument(help="A version; without it, the one before.")] = None,
    new: Annotated[int | None, typer.Argument(help="A version; without it, the current one.")] = None,
    outputs: Outputs = "outputs",
    most: Annotated[int, typer.Option(help="Events to list.")] = 40,
) -> None:
    """Say which events came, went or changed between two versions, and because of what."""
    with plain_faults():
        from flows.analysis import print_diff

        print_diff(old, new, outputs=outputs, most=most)


@app.command(epilog="Example: dateline restore 3")
def restore(
    version: Annotated[int, typer.Argument(help="A version that is kept; see dateline versions.")],
    outputs: Outputs = "outputs",
) -> None:
    """Make a kept version the current one again."""
    with plain_faults():
        from flows.analysis import restore as restore_version

        restore_version(version, outputs=outputs)


@app.command(epilog="Example: dateline suggest --most 5")
def suggest(
    seeds: Seeds = "seeds",
    outputs: Outputs = "outputs",
    most: Annotated[int, typer.Option(help="Entries for each vocabulary.")] = 10,
) -> None:
    """List the actors, places and verbs that the vocabularies lack most, as rows for vocabularies of your own."""
    with plain_faults():
        from flows.analysis import print_suggestions

        print_suggestions(seeds=seeds, outputs=outputs, most=most)


@app.command(epilog="Example: dateline backfill --from 2024-05-01 --to 2024-05-31")
def backfill(
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="First day of publication, YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day of publication, YYYY-MM-DD.")],
    seeds: Seeds = "seeds",
    outputs: Outputs = "outputs",
) -> None:
    """Code the articles published in a range of days again, and no others."""
    with plain_faults():
        from flows.reading import print_report
        from flows.start import run_backfill

        print_report(run_backfill(first, last, seeds=seeds, outputs=outputs))


@app.command(epilog="Example: dateline quality --runs 20")
def quality(
    outputs: Outputs = "outputs",
    runs: Annotated[int, typer.Option(help="Last runs to show.", min=1)] = 10,
) -> None:
    """Show how the data of the last runs differ, which checks failed, and write both as a page."""
    with plain_faults():
        from flows.quality import print_quality

        print_quality(outputs, runs=runs)


@app.command(epilog="Example: dateline watch --seeds articles --outputs tables")
def watch(seeds: Seeds = "seeds", outputs: Outputs = "outputs") -> None:
    """Start a run whenever articles are dropped, changed or removed; with a server set up, by an event."""
    with plain_faults():
        from flows.watch import watch as watch_folder

        watch_folder(seeds, outputs)


Hourly = Annotated[str, typer.Option(help="When to run, as a cron line.")]
Nightly = Annotated[str, typer.Option(help="When to do everything again, as a cron line.")]
Timezone = Annotated[str, typer.Option(help="Time zone of both, such as Europe/Paris.")]


@app.command(epilog="Example: dateline serve --seeds articles --outputs tables")
def serve(
    seeds: Seeds = "seeds",
    outputs: Outputs = "outputs",
    hourly: Hourly = "7 * * * *",
    nightly: Nightly = "37 2 * * *",
    timezone: Timezone = "UTC",
) -> None:
    """Run on a schedule and on dropped articles, for the Prefect server that PREFECT_API_URL names."""
    with plain_faults():
        from flows.serve import serve_folders

        serve_folders(seeds, outputs, hourly=hourly, nightly=nightly, timezone=timezone)


@app.command(epilog="Example: dateline up --seeds articles --outputs tables")
def up(
    seeds: Seeds = "seeds",
    outputs: Outputs = "outputs",
    port: Annotated[
        int, typer.Option(help="Port of the Prefect UI; Data Docs have the next.", min=1, max=65534)
    ] = 4200,
    database: Annotated[
        str | None,
        typer.Option(help="PostgreSQL as postgresql://user:password@host/name.", envvar="DATELINE_DATABASE"),
    ] = None,
    hourly: Hourly = "7 * * * *",
    nightly: Nightly = "37 2 * * *",
    timezone: Timezone = "UTC",
) -> None:
    """Start server, schedule and watcher on this machine, and stop them together."""
    with plain_faults():
        from flows.up import up as start_all

        start_all(seeds, outputs, port=port, database=database, hourly=hourly, nightly=nightly, timezone=timezone)


@app.command(epilog="Example: dateline alert https://chat.example.org/hooks/dateline")
def alert(address: Annotated[str, typer.Argument(help="Where to post, as a web address.")]) -> None:
    """Have the server that PREFECT_API_URL names post to an address when a run is unusual or fails time and again."""
    with plain_faults():
        from flows.alert import set_alert

        set_alert(address)
        typer.echo(f"unusual and failing runs are posted to {address}")


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


if __name__ == "__main__":
    main()
