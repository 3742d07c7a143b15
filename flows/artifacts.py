"""What a run shows in the Prefect UI: progress, a summary table, the checks, events over time; and who it tells."""

from __future__ import annotations

import base64
import logging
import os
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pyarrow.compute as pc
from prefect.artifacts import (
    create_image_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.events import emit_event
from prefect.exceptions import PrefectException
from prefect.states import Completed, State

from tasks.chart import events_over_time
from tasks.contracts.report import RunReport
from tasks.publish import DOCS
from tasks.quality import RUNS, add_up
from tasks.storage.folder import Address, open_folder
from tasks.store import Store
from tasks.summary import inert, summary_rows, validation_page

DOCS_URL = "DATELINE_DOCS_URL"  # where a web server shows the Data Docs; `dateline up` sets it
DROPPED = "dateline.articles.dropped"
UNUSUAL = "dateline.run.unusual"
FAILING = "dateline.run.failing"


def slug(outputs: Address) -> str:
    """The outputs folder's name as part of a key: lower-case letters, digits and dashes."""
    return re.sub(r"[^a-z0-9]+", "-", open_folder(outputs).name.lower()).strip("-") or "outputs"


def resource(outputs: Address) -> dict[str, str]:
    """How events name an outputs folder."""
    folder = open_folder(outputs).absolute()
    return {"prefect.resource.id": f"dateline.outputs.{folder.address}", "prefect.resource.name": folder.name}


def guarded(show: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What `show` gives; None and a line in the log where the server does not take it: the tables matter more."""
    try:
        return show(*args, **kwargs)
    except (httpx.HTTPError, PrefectException) as error:
        logging.getLogger("dateline").info("not shown in the UI: %s", type(error).__name__)
        return None


def start_progress(batches: int) -> UUID | None:
    """A bar for so many batches, at its start; none for none."""
    if not batches:
        return None
    words = f"{batches} batch{'' if batches == 1 else 'es'}"
    shown: UUID | None = guarded(create_progress_artifact, progress=0.0, description=words)
    return shown


def show_progress(bar: UUID | None, done: int, batches: int) -> None:
    """Moves the bar."""
    if bar is not None:
        words = f"{done} of {batches} batches done"
        guarded(update_progress_artifact, bar, progress=100.0 * done / max(1, batches), description=words)


def show_report(report: RunReport, store: Store, *, checks: Sequence[dict[str, Any]], run: str) -> None:
    """The summary, the checks of this run and the events over time, as artifacts with a history for each folder."""
    name = slug(report.outputs)
    guarded(
        create_table_artifact,
        table=summary_rows(report),
        key=f"summary-{name}",
        description=inert(report.sentence()),
    )
    docs = store.folder.child(DOCS)
    if checks:
        rows = add_up(checks)
        shown = next((r["run"] for r in rows if not r["success"]), rows[0]["run"])  # what fails is what one looks for
        name_of_page = f"{RUNS}/{shown}.html"
        page = validation_page(rows, docs=docs.at(name_of_page), link=docs_link(name_of_page))
        guarded(create_markdown_artifact, page, key=f"validation-{name}", description=f"Checks of {run}")
    counted = pc.value_counts(store.read("events", ["date"])["date"].drop_null())
    days = {row["values"]: row["counts"] for row in counted.to_pylist()}
    picture = events_over_time(days, title="Events")
    address = f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"
    guarded(
        create_image_artifact, address, key=f"events-{name}", description=f"{sum(days.values()):,} events with a date"
    )


def docs_link(page: str) -> str | None:
    """The address of a page of the Data Docs, None where no web server shows them."""
    base = os.environ.get(DOCS_URL)
    return f"{base.rstrip('/')}/{quote(page)}" if base else None


def final_state(report: RunReport) -> State:
    """How the run ended, in words; a run that differs from the last ones is named, and told as an event."""
    data = report.as_dict()
    if report.unusual:
        payload = {"message": report.sentence(), "outputs": report.outputs, "version": report.version}
        logging.getLogger("dateline").warning("unusual: %s", "; ".join(report.unusual))
        guarded(emit_event, UNUSUAL, resource=resource(report.outputs), payload=payload)
        return Completed(name="Unusual", message=report.sentence(), data=data)
    if not report.worked:
        return Completed(name="Unchanged", message=f"nothing to do: {report.sentence()}", data=data)
    return Completed(message=report.sentence(), data=data)


def tell_failures(outputs: str, *, times: int, message: str) -> None:
    """An event for a run that failed again, with how often in a row."""
    guarded(emit_event, FAILING, resource=resource(outputs), payload={"times": times, "message": message[:500]})
