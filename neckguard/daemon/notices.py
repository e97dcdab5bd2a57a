"""What neckguard itself has to say: one headline, and notices (welcome, broken settings). No reminders."""

import os
from collections.abc import Callable

from neckguard import __version__
from neckguard.core import (
    Answered,
    Card,
    Closed,
    Delivered,
    Engine,
    NotifierChanged,
    Problem,
    Undelivered,
    say_span,
    say_when,
)

WELCOME, CONFIG, BLIND = "welcome", "config", "blind"
_OF_THE_ENGINE = ("prompt-", "timer-", "neck-")  # it shows them anew itself, and wants to hear of them

CardEvent = Answered | Closed | Delivered | Undelivered


class Notices:
    """Keeps each notice on the screen until it is closed or retracted, over restarts of the server."""

    def __init__(self, show: Callable[[Card], None], hide: Callable[[str], None]) -> None:
        self._show = show
        self._hide = hide
        self._cards: dict[str, Card] = {}
        self._ready = False

    def post(self, card: Card) -> None:
        """Say it now, or as soon as somebody shows it; the same again changes nothing."""
        if self._cards.get(card.key) == card:
            return
        self._cards[card.key] = card
        if self._ready:
            self._show(card)

    def mention(self, card: Card) -> None:
        """Say it now or never."""
        if self._ready:
            self.post(card)

    def retract(self, key: str) -> None:
        """It is no longer so."""
        if self._cards.pop(key, None):
            self._hide(key)

    def owns(self, key: str) -> bool:
        """Whether the card under this key is a notice."""
        return not key.startswith(_OF_THE_ENGINE)

    def notifier_changed(self, event: NotifierChanged) -> None:
        """A server that appeared is told everything that still holds."""
        self._ready = event.ready
        if event.ready:
            for card in tuple(self._cards.values()):
                self._show(card)

    def heard(self, event: CardEvent) -> None:
        """The person has seen it; what stays on the screen by itself is their own affair."""
        card = self._cards.get(event.key)
        settled = isinstance(event, Answered | Closed) or (
            isinstance(event, Delivered) and card and not card.lasting
        )
        if settled:
            self._cards.pop(event.key, None)


def welcome_card(disclaimer: str) -> Card:
    """What a new person should know, once ever."""
    lines = (
        "It reminds you to shift, stretch and step away while you sit at the screen.",
        "Quiet it with: neckguard pause. What happened is kept on this machine only.",
        disclaimer,
    )
    return Card(WELCOME, "Welcome to neckguard", lines)


def blind_card() -> Card:
    """What a person reads on the terminal instead of the warning in the log."""
    title = "Nobody can tell whether you are at the screen, so time counts always."
    return Card(BLIND, title, ("Why: neckguard doctor",))


def config_card(problems: tuple[Problem, ...], *, built_in: bool) -> Card:
    """What is wrong with the settings file, and which settings are in force meanwhile."""
    first = problems[0]
    lines = [mistake(first), _place(first)]
    if len(problems) > 1:
        lines.append(f"{len(problems) - 1} more; see: neckguard config check")
    lines.append(f"The {'built-in' if built_in else 'last good'} settings stay in force.")
    title = "Your neckguard settings"
    return Card(CONFIG, title, tuple(lines), lasting=True, click="Open the file")


def mistake(problem: Problem) -> str:
    """What is wrong, where there is little room: without its place, and the long list of what is allowed."""
    message, *_ = problem.message.partition(" (allowed here: ")
    return f"{problem.key}: {message}" if problem.key else message


def _place(problem: Problem) -> str:
    home = os.path.expanduser("~/")
    path = f"~/{problem.file.removeprefix(home)}" if problem.file.startswith(home) else problem.file
    return f"In {path}, line {problem.line}" if problem.line else f"In {path}"


def headline(engine: Engine) -> str:
    """One line that changes only when something happens: for the service manager and the terminal."""
    world = engine.world
    if world.pause is not None:
        end = world.pause.until(world.now)
        return f"Paused until {say_when(end, world.now.wall)}" if end else "Paused until you resume"
    left = world.breaks.until - world.now.boot
    if world.breaks.taken and left > 0:
        return f"Break until {say_when(world.later(left), world.now.wall)}"
    if world.holds:
        return {"off_hours": "Outside your hours", "away": "Nobody at the screen"}[world.holds[0]]
    if world.courses.showing is not None:
        return f"Prompt open: {world.courses.showing.name}"
    following = world.next_due()
    span = world.due_in(following) if following else None
    if following is None or span is None:
        return "No reminder is on"
    if following.owed:
        return f"Due: {following.name}"
    return f"Next: {following.name} about {say_when(world.later(span), world.now.wall)}"


def greeting(engine: Engine, note: str, unsaved: str) -> str:
    """What a person at a terminal reads when `run` is ready.

    `note` is about where prompts come, `unsaved` why nothing can be saved.
    """
    world = engine.world
    following = world.next_due()
    span = world.due_in(following) if following else None
    comes = (
        f"Next: {following.name} in {say_span(span)}."
        if following and span is not None
        else "No reminder is on."
    )
    lines = [f"neckguard {__version__} is running. {comes}"]
    if note:
        lines.append(f"{note[:1].upper()}{note[1:]}.")
    if unsaved:
        lines.append(f"It runs without memory: {unsaved}")
    if following:
        stretch = world.courses.get("stretch")
        shown = stretch if stretch and stretch.reminder.enabled else following
        lines.append(f"See one now: neckguard now {shown.name} (in another terminal)")
    return "\n".join((*lines, "Pause: neckguard pause", "Stop: Ctrl-C"))
