"""The texts that ship with neckguard. Nothing is kept: who needs them often keeps them.

The core loads its values only when they are made, so that `stats` can ask for a few names at no cost.
"""

from __future__ import annotations

import os
import re

from neckguard import core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))


def read(name: str) -> dict[str, Any]:
    """A whole file of texts, as plain data."""
    import tomllib

    with open(os.path.join(_HERE, f"{name}.toml"), "rb") as file:
        return tomllib.load(file)


def stretch_names() -> dict[str, str]:
    """What each stretch is called, by its id; for a shell that completes, and cannot wait for tomllib."""
    with open(os.path.join(_HERE, "stretches.toml"), encoding="utf-8") as file:
        return dict(re.findall(r'^id = "(.*)"\nname = "(.*)"$', file.read(), re.MULTILINE))


def stretch_names_and_areas() -> dict[str, tuple[str, str]]:
    """What each stretch is called, and the area that it takes turns for, by the stretch's id."""
    return {each["id"]: (each["name"], each["areas"][0]) for each in read("stretches")["stretches"]}


def load_topics() -> core.Topics:
    """The words of every built-in reminder and kind."""
    return {
        name: core.Topic(
            topic["title"],
            tuple(line["text"] for line in topic["lines"]),
            tuple(line["text"] for line in topic["lines"] if not line.get("stands")),
        )
        for name, topic in read("phrases").items()
    }


def load_stretches() -> tuple[core.Stretch, ...]:
    """The catalogue of stretches, in the order of their first turns."""
    return core.from_plain(tuple[core.Stretch, ...], read("stretches")["stretches"])


def load_postures() -> tuple[core.Posture, ...]:
    """The posture checks, in the order of their first turns."""
    return core.from_plain(tuple[core.Posture, ...], read("posture")["postures"])


def load_content() -> core.Content:
    """All that prompts are made of."""
    flare = load_flare()
    notices = {**flare.notices, "strength": load_wording()["strength"]}
    return core.Content(
        topics=load_topics(),
        stretches=load_stretches(),
        postures=load_postures(),
        # The gravest first: some servers cut long bodies off.
        stop_rules=tuple(line for name in ("symptoms", "pain") for line in flare.stop_rules[name].lines),
        red_flags={flag.id: flag for flag in flare.red_flags},
        notices={name: passage.text for name, passage in notices.items()},
    )


def load_flare() -> core.FlareTexts:
    """What is said around a flare-up."""
    return core.from_plain(core.FlareTexts, read("flare"))


def load_questions() -> core.Questions:
    """What is asked once about a person's health."""
    return core.from_plain(core.Questions, read("health"))


def load_wording() -> dict[str, core.Passage]:
    """The texts that a person must meet, by where they belong."""
    return core.from_plain(dict[str, core.Passage], read("wording"))


def load_sources() -> tuple[tuple[str, ...], ...]:
    """The short names of the sources, what each is, and where."""
    with open(os.path.join(_HERE, "SOURCES.md"), encoding="utf-8") as file:
        rows = [line.strip().strip("|").split("|") for line in file if line.startswith("| ")]
    return tuple(tuple(cell.strip() for cell in row) for row in rows[1:])


def disclaimer() -> str:
    """The short disclaimer."""
    return load_wording()["short"].text
