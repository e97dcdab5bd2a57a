"""`neckguard flare` and `checkin`."""
