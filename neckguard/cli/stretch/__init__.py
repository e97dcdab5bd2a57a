"""`neckguard stretch`."""
