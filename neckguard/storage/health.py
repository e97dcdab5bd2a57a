"""What a person said about their health: `health.json`, apart from the settings, which people publish."""

import json
import logging
import os
from dataclasses import replace
from functools import cache
from typing import Any

from neckguard.core import Answers, from_plain, to_plain
from neckguard.storage import atomic

_log = logging.getLogger(__name__)

VERSION = 2
_FIRST = 1  # it asked for no needs, and not how high the back of the chair is
_NAME = "health.json"
_LIMIT = 64 * 1024  # bytes; ours is a few hundred


def answers_file(state_dir: str) -> str:
    """Where the answers are."""
    return os.path.join(state_dir, _NAME)


def load_answers(state_dir: str) -> Answers | None:
    """What was answered; None if nothing was, or if that is unusable, which is logged."""
    path = answers_file(state_dir)
    try:
        content = atomic.read(path, _LIMIT + 1)
        return None if content is None else _decode(content)
    except OSError as error:
        reason = str(error.strerror)
    except ValueError as error:
        reason = str(error)
    _warn(path, reason)
    return None


def save_answers(state_dir: str, answers: Answers) -> None:
    """Keep the answers, for nobody else to read.

    Raises:
        NeckguardError: they could not be written; what was there is untouched.
    """
    content = json.dumps({"version": VERSION, "answers": to_plain(answers)})
    atomic.replace(answers_file(state_dir), f"{content}\n".encode())


@cache  # said once: the daemon looks again and again
def _warn(path: str, reason: str) -> None:
    _log.warning("%s is unusable (%s). To answer again: neckguard stretch --questions", path, reason)


def _decode(content: bytes) -> Answers:
    """What `save_answers` wrote.

    Raises:
        ValueError: it is something else; the message says what.
    """
    if len(content) > _LIMIT:
        raise ValueError("far too large")
    try:
        found: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    version = found.get("version") if isinstance(found, dict) else None
    if type(version) is int and version > VERSION:
        raise ValueError("of a newer neckguard")
    if type(version) is not int or version < _FIRST:
        raise ValueError("not the answers to our questions")
    try:
        answers = from_plain(Answers, found.get("answers"))
        return replace(answers, stable_chair=False) if version == _FIRST else answers
    except ValueError:
        raise ValueError("not the answers to our questions") from None
