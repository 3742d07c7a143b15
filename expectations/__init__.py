"""What must hold of each table: one Great Expectations suite a table."""
