"""Pages to article text, metadata and sentences. Pure: no Prefect, no files."""
