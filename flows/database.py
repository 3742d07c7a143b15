"""The database of a server's records, where it is not SQLite: looked at before a server is started on it."""

from __future__ import annotations

import asyncio

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tasks.contracts.errors import Fault, UsageFault

OLDEST = 140_009  # 14.9 as PostgreSQL counts: what Prefect asks for
SECONDS = 10
FORM = "write it as postgresql://user:password@host/name; without it, SQLite is used"


def asynchronous(database: str) -> str:
    """The address as Prefect wants it: PostgreSQL by its asynchronous driver. Raises UsageFault for any other."""
    scheme, separator, rest = database.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+asyncpg") and separator:
        return f"postgresql+asyncpg://{rest}"
    raise UsageFault(f"--database: {FORM}")


def check_database(database: str) -> None:
    """Raises Fault where the database does not answer within seconds, is too old or lacks what Prefect needs."""
    address = asynchronous(database)
    try:
        shown = make_url(address).set(drivername="postgresql").render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        raise UsageFault(f"--database: {FORM}") from None
    try:
        version, modules = asyncio.run(asyncio.wait_for(_look(address), SECONDS))
    except TimeoutError:
        raise Fault(f"--database {shown}: no answer within {SECONDS} s") from None
    except (OSError, SQLAlchemyError) as error:
        raise Fault(f"--database {shown}: {_reason(error)}") from None
    if version < OLDEST:
        raise Fault(f"--database {shown}: it is older than PostgreSQL 14.9, which Prefect needs")
    if not modules:
        raise Fault(f"--database {shown}: pg_trgm is missing; install PostgreSQL's contributed modules")


async def _look(address: str) -> tuple[int, int]:
    engine = create_async_engine(address, poolclass=NullPool)
    async with engine.connect() as connection:
        version = await connection.scalar(text("select current_setting('server_version_num')::int"))
        modules = await connection.scalar(text("select count(*) from pg_available_extensions where name = 'pg_trgm'"))
    return int(version or 0), int(modules or 0)


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).splitlines()[0]
