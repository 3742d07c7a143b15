"""The vocabularies as CSV, and the one reader that checks them."""
