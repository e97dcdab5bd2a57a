"""Clocks and countdowns: local wall time, hours, sitting time, pauses, spans as people write them."""
