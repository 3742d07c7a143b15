"""`dateline repair`: says what was found damaged, before a run makes it anew."""

from __future__ import annotations

from flows.reading import console_of, printable
from tasks.repair import repair
from tasks.run import settings_for
from tasks.storage.folder import Address
from tasks.store import Store


def repair_tables(outputs: Address, *, seeds: Address) -> bool:
    """Takes what is damaged out of the tables and says so; whether a run is needed to put it back."""
    store = Store(outputs)
    with store.lock():
        store.begin(rebuild=False)
        found = repair(store, keep=settings_for(seeds).keep_versions)
    console = console_of()
    for name in found.damaged:
        console.print(f"damaged: {printable(name)}", markup=False, soft_wrap=True)
    if not found.damaged:
        console.print(f"{found.parts:,} parts verified: each is as it was written")
    elif found.files is None:
        console.print("the list of parts is lost: all articles are processed again")
    else:
        console.print(f"{found.parts:,} parts verified; the articles of {found.files:,} files are processed again")
    return bool(found.damaged)
