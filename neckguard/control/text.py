"""What one line of a person's own text may hold."""

import re

MAX_NOTE = 2000  # characters
# Control characters, line separators and lone surrogates have no place in it: it is shown and stored.
UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def clean_note(text: str) -> str:
    """The note in one line that may be sent.

    Raises:
        ValueError: it is too long; the message says so.
    """
    note = " ".join(UNFIT.sub(" ", text).split())
    if len(note) > MAX_NOTE:
        raise ValueError(f"That is too long: a note has at most {MAX_NOTE} characters. Once more, shorter:")
    return note
