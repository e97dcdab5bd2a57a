"""The files of texts as plain data. What `loader` makes of them takes longer than all that `stats` does."""

import os
import tomllib
from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))


def read(name: str) -> dict[str, Any]:
    """A whole file of texts."""
    with open(os.path.join(_HERE, f"{name}.toml"), "rb") as file:
        return tomllib.load(file)


def stretch_areas() -> dict[str, str]:
    """The area that each stretch takes turns for, by the stretch's id."""
    return {stretch["id"]: stretch["areas"][0] for stretch in read("stretches")["stretches"]}
