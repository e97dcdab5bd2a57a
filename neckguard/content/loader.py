"""Reads the texts that ship with neckguard."""

import os
import tomllib
from typing import Any

from neckguard.core.cards import Topic, Topics

_HERE = os.path.dirname(os.path.abspath(__file__))
_NOT_TOPICS = ("texts",)


def read() -> dict[str, Any]:
    """The whole file of phrases as data."""
    with open(os.path.join(_HERE, "phrases.toml"), "rb") as file:
        return tomllib.load(file)


def load_topics() -> Topics:
    """The words of every built-in reminder and kind."""
    return {
        name: Topic(topic["title"], tuple(line["text"] for line in topic["lines"]))
        for name, topic in read().items()
        if name not in _NOT_TOPICS
    }


def disclaimer() -> str:
    """The short disclaimer."""
    text: str = read()["texts"]["disclaimer"]
    return text
