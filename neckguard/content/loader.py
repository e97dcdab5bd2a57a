"""Reads the texts that ship with neckguard. Nothing is kept: who needs them often keeps them."""

from neckguard.content.texts import read
from neckguard.core import (
    Content,
    FlareTexts,
    Passage,
    Posture,
    Questions,
    Stretch,
    Topic,
    Topics,
    from_plain,
)


def load_topics() -> Topics:
    """The words of every built-in reminder and kind."""
    return {
        name: Topic(topic["title"], tuple(line["text"] for line in topic["lines"]))
        for name, topic in read("phrases").items()
    }


def load_stretches() -> tuple[Stretch, ...]:
    """The catalogue of stretches, in the order of their first turns."""
    return from_plain(tuple[Stretch, ...], read("stretches")["stretches"])


def load_postures() -> tuple[Posture, ...]:
    """The posture checks, in the order of their first turns."""
    return from_plain(tuple[Posture, ...], read("posture")["postures"])


def load_content() -> Content:
    """All that prompts are made of."""
    flare = load_flare()
    notices = {**flare.notices, "strength": load_wording()["strength"]}
    return Content(
        topics=load_topics(),
        stretches=load_stretches(),
        postures=load_postures(),
        # The gravest first: some servers cut long bodies off.
        stop_rules=tuple(line for name in ("symptoms", "pain") for line in flare.stop_rules[name].lines),
        red_flags={flag.id: flag.urgency for flag in flare.red_flags},
        notices={name: passage.text for name, passage in notices.items()},
    )


def load_flare() -> FlareTexts:
    """What is said around a flare-up."""
    return from_plain(FlareTexts, read("flare"))


def load_questions() -> Questions:
    """What is asked once about a person's health."""
    return from_plain(Questions, read("health"))


def load_wording() -> dict[str, Passage]:
    """The texts that a person must meet, by where they belong."""
    return from_plain(dict[str, Passage], read("wording"))


def disclaimer() -> str:
    """The short disclaimer."""
    return load_wording()["short"].text
