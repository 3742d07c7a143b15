"""What crosses a boundary: records, table schemas, references and settings. A leaf: stdlib and pyarrow only."""
