"""Dateline's stages and the pure code under them: `contracts`, `text`, `nlp`, `lexicon`."""
