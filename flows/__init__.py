"""Wiring: which stage follows which, and the command `dateline`."""
