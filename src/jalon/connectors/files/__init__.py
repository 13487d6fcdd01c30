"""Files a company drops: CSV, TSV, XLSX, Parquet, JSON lines, folders and zips."""
