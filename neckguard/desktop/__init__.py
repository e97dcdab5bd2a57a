"""One thin module per outside thing; adapters know the core's values and the bus, never each other."""
