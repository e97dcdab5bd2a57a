"""`neckguard preview`."""
