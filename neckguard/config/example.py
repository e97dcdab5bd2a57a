"""The commented example that `neckguard config init` writes."""

import json
import os

from neckguard.config.schema import FILE_NAME, schema

_NAME = "config.example.toml"


def example() -> str:
    """The text of the example; its values are the defaults."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    shipped = os.path.join(package, "content", _NAME)
    path = shipped if os.path.exists(shipped) else os.path.join(os.path.dirname(package), _NAME)  # a checkout
    with open(path, encoding="utf-8") as file:
        return file.read()


def write_example(path: str) -> None:
    """Write the example, and beside it the schema its first line names, for this person's eyes only.

    Raises:
        FileExistsError: there is something at the path; it is never overwritten.
        OSError: it cannot be written.
    """
    text, directory = example(), os.path.dirname(path)
    before = os.umask(0o077)
    try:
        os.makedirs(directory, exist_ok=True)
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
        with open(os.path.join(directory, FILE_NAME), "w", encoding="utf-8") as file:
            json.dump(schema(), file, indent=2)
            file.write("\n")
    finally:
        os.umask(before)
