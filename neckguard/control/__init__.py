"""The control socket: one JSON object a line, between the command line and the daemon."""

VERSION = 1  # of the protocol; the "v" of every message
LONGEST_SPAN = 366 * 86400.0  # seconds; no pause or snooze is longer
