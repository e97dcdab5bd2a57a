"""What happened: `stats`, `report`, `export`, `history`."""
