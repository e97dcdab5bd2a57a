"""Validation of the settings file; runs only in the command line and in the short-lived child."""
