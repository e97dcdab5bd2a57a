"""The pure core: no clock, no I/O; time is an argument."""
