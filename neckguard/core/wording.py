"""Sentences that the daemon and the command line say alike. Imports nothing: the client uses it."""


def say_problem(file: str, line: int, key: str, message: str) -> str:
    """A problem of the settings as one line: `file:line: key: message`, without what it has not."""
    place = f"{file}:{line}" if line else file
    return ": ".join(part for part in (place, key, message) if part)


def say_answers(actions: list[str]) -> str:
    """The verbs that answer a prompt: `neckguard start, snooze or skip`."""
    *most, last = actions
    return f"neckguard {', '.join(most)} or {last}" if most else f"neckguard {last}"
