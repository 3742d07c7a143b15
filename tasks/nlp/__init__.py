"""spaCy documents to events. Pure: no Prefect, no files but the lexicon's."""
