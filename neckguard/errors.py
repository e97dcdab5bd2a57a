"""The one root of all errors that are meant for a person's eyes."""


class NeckguardError(Exception):
    """Something went wrong; the message says what happened and what to do next."""

    exit_code = 1
