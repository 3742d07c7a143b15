"""Foreseeable faults: each message is one plain sentence that names the file or setting and says what to do."""

from __future__ import annotations


class Fault(Exception):
    """A foreseeable fault; the command prints its message alone and ends with `exit_code`."""

    exit_code = 1


class UsageFault(Fault):
    """The user asked for something that cannot be: a wrong setting, key or date."""

    exit_code = 2


class StoreError(Fault):
    """A folder cannot be used as it is; the message names the path or URL, what is wrong and what to do."""


class OutputsLocked(StoreError):
    """Another run writes into the outputs folder at this moment."""

    exit_code = 3
