"""`neckguard service`."""
