"""Notifications: servers that come and go, the console, plyer; and who reads them out."""
