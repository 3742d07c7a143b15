"""When deployments run and what they are called."""

from __future__ import annotations

from prefect.client.schemas.schedules import CronSchedule
from prefect.schedules import Cron, Schedule

from flows.artifacts import slug
from tasks.contracts.errors import UsageFault
from tasks.storage.folder import Address

LABELS = ("hourly", "nightly")


def schedules(hourly: str, nightly: str, timezone: str) -> list[Schedule]:
    """The cron lines as schedules, in the order of LABELS. Raises UsageFault for a line or a time zone that is none."""
    lines = (hourly, nightly)
    for label, line in zip(LABELS, lines, strict=True):
        try:
            CronSchedule(cron=line)
        except ValueError:
            raise UsageFault(f"--{label} {line!r}: no cron line; write five fields, such as '7 * * * *'") from None
    try:
        CronSchedule(cron=hourly, timezone=timezone)
    except ValueError:
        raise UsageFault(f"--timezone {timezone!r}: no time zone; write it as Europe/Paris or UTC") from None
    return [Cron(line, timezone=timezone) for line in lines]


def names(outputs: Address) -> list[str]:
    """What the deployments for an outputs folder are called, in the order of LABELS."""
    return [f"{label}-{slug(outputs)}" for label in LABELS]
