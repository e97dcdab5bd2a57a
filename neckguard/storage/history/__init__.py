"""The history in SQLite: what happened, row by row."""
