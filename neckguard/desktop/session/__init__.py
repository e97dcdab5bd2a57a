"""The login session: locked, asleep, in front."""
