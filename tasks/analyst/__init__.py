"""For the analyst: the tables as files for other tools, as a report, as figures. Pure functions over Arrow tables."""
