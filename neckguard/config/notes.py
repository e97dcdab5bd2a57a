"""What is valid and yet may not be what was meant: near misses, odd spans, what never comes up."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from functools import cache

from neckguard.config.kinds import HOUR, MINUTE
from neckguard.config.words import Path, did_you_mean, show
from neckguard.core import BUILT_IN, Kind, Plan, Reminder, always_covered, avoidable, format_span, say_span
from neckguard.texts import clean
from neckguard.value import value

# From here on a span is more likely a slip than a wish, and what it comes to.
_LONG = (
    ("presence.idle_after", 30 * MINUTE, "shorter absences count as sitting"),
    ("quiet.typing_gap", MINUTE, "mid-typing, prompts wait for a gap of this length"),
    ("quiet.typing_max_wait", 30 * MINUTE, "so long a prompt may wait while you type"),
    ("quiet.settle", 10 * MINUTE, "nothing is shown for so long after each return, call or pause"),
    ("quiet.settle_after_call", 30 * MINUTE, "nothing is shown for so long after each call"),
    ("quiet.merge_window", 30 * MINUTE, "shorter prompts wait so long for longer ones"),
)
_OFTEN = MINUTE  # more often than that, reminders leave no time for anything else


@value
class Remark:
    """What is to be said of a key; `cause`, if there is one, is the key that brings it about."""

    key: Path
    message: str
    cause: Path = ()


def remarks(plan: Plan) -> Iterator[Remark]:
    """All there is to say about a valid plan."""
    for reminder in plan.reminders:
        yield from _near_miss(reminder)
        yield from _never_shown(reminder)
        if reminder.enabled:
            yield from _odd_spans(reminder)
    yield from _long_spans(plan)
    for name, longer in always_covered(plan).items():
        every = next(each.every for each in plan.reminders if each.name == longer)
        message = (
            f"always comes within the {longer}, every {format_span(every or 0.0)}: it is never seen alone"
        )
        yield Remark(("reminders", name), message, ("reminders", longer, "every"))
    yield from _to_come(plan)
    yield from _no_names(plan.quiet.programs)
    yield from _unknown_words(("stretches", "avoid"), plan.stretches.avoid, _stretch_words, "stretch --list")
    yield from _unknown_words(("posture", "avoid"), plan.posture_avoid, _posture_words, "posture")


def _near_miss(reminder: Reminder) -> Iterator[Remark]:
    near = [] if reminder.built_in else get_close_matches(reminder.name, BUILT_IN, n=1, cutoff=0.75)
    if near:
        message = f"is a reminder of your own; did you mean {near[0]}?"
        yield Remark(("reminders", reminder.name), message)


def _never_shown(reminder: Reminder) -> Iterator[Remark]:
    for key, text in (("title", reminder.title), ("message", reminder.message)):
        if clean(text) != text:
            why = "they could command a terminal, or turn its text around"
            message = f"{show(text)} has characters that are never shown: {why}"
            yield Remark(("reminders", reminder.name, key), message)


def _odd_spans(reminder: Reminder) -> Iterator[Remark]:
    path, every = ("reminders", reminder.name), reminder.every
    if every is not None and every < _OFTEN:
        yield Remark((*path, "every"), f"{format_span(every)} is very often: more than once a minute")
    elif every is not None and reminder.kind is not Kind.NOTE and every <= reminder.duration:
        takes = format_span(reminder.duration)
        yield Remark((*path, "every"), f"{format_span(every)} is no longer than what it takes, {takes}")
    if reminder.expire_after > HOUR:
        span = format_span(reminder.expire_after)
        yield Remark((*path, "expire_after"), f"{span} is very long: other prompts wait behind this one")


def _long_spans(plan: Plan) -> Iterator[Remark]:
    for key, most, consequence in _LONG:
        section, name = key.split(".")
        seconds: float = getattr(getattr(plan, section), name)
        if seconds > most:
            yield Remark((section, name), f"{say_span(seconds)} is very long: {consequence}")


def _to_come(plan: Plan) -> Iterator[Remark]:
    if plan.language:
        yield Remark(("language",), "is valid, but not in effect yet: this version does nothing with it")


def _no_names(programs: tuple[str, ...]) -> Iterator[Remark]:
    """Programs are known by the names of their files, without folders and blanks around them."""
    for program in programs:
        name = program.rpartition("/")[2].strip()
        if name != program or not name:
            hint = f"write {show(name)}" if name else "name one, or take it out"
            yield Remark(("quiet", "programs"), f"no program is called {show(program)}; {hint}")


def _unknown_words(
    key: Path, words: tuple[str, ...], known: Callable[[], frozenset[str]], verb: str
) -> Iterator[Remark]:
    """Words that mean nothing; the catalogue is read only if there are words at all."""
    for word in words:
        if word not in known():
            hint = did_you_mean(word, known())
            yield Remark(key, f"{show(word)} is in no list{hint} (see: neckguard {verb})")


@cache
def _stretch_words() -> frozenset[str]:
    from neckguard.content import loader  # slow, and few settings name anything of it

    return avoidable(loader.load_stretches())


@cache
def _posture_words() -> frozenset[str]:
    from neckguard.content import loader

    return frozenset(posture.id for posture in loader.load_postures())
