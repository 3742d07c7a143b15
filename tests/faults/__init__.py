"""Nothing lost: faults at every point, hostile input, several runs at once. `make faults` runs all of it."""
