"""neckguard: a posture-reminder daemon that waits for a good moment."""

__version__ = "0.1.0"
