"""How a prompt looks: title, lines, buttons, and what each button means."""

from dataclasses import replace
from datetime import datetime

from neckguard.core.model import Button, Card
from neckguard.core.neck.catalogue import Stretch
from neckguard.core.plan import Kind, Reminder
from neckguard.core.timing.durations import say_span
from neckguard.core.wording import say_answers
from neckguard.value import value


@value
class Topic:
    """The built-in words for a reminder: its title and the lines that take turns."""

    title: str
    lines: tuple[str, ...]
    seated: tuple[str, ...] = ()  # those for who does not stand up; empty: the same


_ANSWER = "Answer: "

Topics = dict[str, Topic]
"""By built-in name, and by kind for the person's own reminders."""


def make_card(
    key: str, reminder: Reminder, topics: Topics, lines: tuple[str, ...], *, already: bool = False
) -> Card:
    """The card of a prompt with these lines; `already`: "Already so" is an answer to it."""
    buttons = (*_buttons(reminder), ALREADY) if already else _buttons(reminder)
    answers = say_answers([button.key for button in _buttons(reminder)])
    title = title_of(reminder, topics)
    if already and not reminder.title:
        title = topics[FACT].title
    if reminder.name == CHECKIN:
        answers = _SCORE
    return Card(
        key=key,
        title=title,
        lines=lines,
        buttons=buttons,
        verbs=f"{_ANSWER}{answers}{_ALREADY_VERB if already else ''}",
        kind=reminder.kind.value,
        popup=reminder.expire_after,
        lasting=reminder.kind is Kind.BREAK,
        resident=default_action(reminder.kind) == "start",  # what it starts stands in its place
    )


def compared(card: Card) -> Card:
    """The card of a check-in during a flare-up: how the neck is beside the day before."""
    turning = "if turning is easy: neckguard flare log --turning yes"
    return replace(card, buttons=COMPARED, verbs=f"{_ANSWER}{_SCORE}; {turning}")


ALREADY = Button("already", "Already so")
FACT = "posture-fact"
"""The topic of a fact of the workstation; no reminder can have this name."""
CHECKIN = "checkin"
FEELINGS = {"none": 0, "mild": 3, "bad": 7}
"""The answers to a check-in, and the scores that they stand for, a product choice."""
COMPARED = (
    Button("better", "Better, turning is easy"),
    Button("same", "About the same"),
    Button("worse", "Worse"),
)
"""The answers during a flare-up."""
_SCORE = "neckguard checkin 0 to 10"
_ALREADY_VERB = "; if it is so already: neckguard done --already"
PAUSE_NOTE = "pause-note"
CALL_NOTE = "call-note"
FULLSCREEN_NOTE = "fullscreen-note"
STOP_NOTE = "stop-note"
BREAK_NOTE = "prompt-break"
"""About a break whose prompt is not on the screen any more; like a prompt's, the engine hears of it."""
_MINUTE = 60.0
_STRONGER = "If all of it was easy, take a stronger band next time."


def pause_note(since: datetime) -> Card:
    """What reminds of a pause that nobody ended."""
    return Card(
        PAUSE_NOTE, "neckguard is paused", (f"Since {since:%A %H:%M}, until you run: neckguard resume",)
    )


def long_call_note(by: str) -> Card:
    """What says that a call lasts too long to be one; `by` names applications, if they are known."""
    used = f"The microphone or camera is in use{f' by {by}' if by else ''}, for four hours by now."
    remedy = "Programs that always hold it can be named in calls_ignore in the settings."
    return Card(CALL_NOTE, "Reminders no longer wait for the call", (used, remedy))


def long_fullscreen_note(by: str) -> Card:
    """What says that something fills the screen for too long; `by` names it, if it is known."""
    filled = f"{by or 'An application'} has filled the screen for two hours by now."
    remedy = "What you work in like that can be named in fullscreen_ignore in the settings."
    return Card(FULLSCREEN_NOTE, "Reminders no longer wait for the full screen", (filled, remedy))


def stop_note(rules: tuple[str, ...]) -> Card:
    """What to heed after a movement hurt."""
    return Card(STOP_NOTE, "That one is put away for two weeks", rules)


GUIDE_BUTTONS = (Button("done", "Done"), Button("skip", "Stop"), Button("hurt", "It hurts"))
GUIDE_VERBS = f"{_ANSWER}{say_answers([button.key for button in GUIDE_BUTTONS])}"


def answer_of(verbs: str) -> str:
    """The verbs alone, for a line that says what they are for in its own words."""
    return verbs.removeprefix(_ANSWER)


def guide_card(key: str, stretch: Stretch, lines: tuple[str, ...], progress: int | None) -> Card:
    """One step of a guide, in the place of the prompt that it began at."""
    card = replace(_in_place(key, stretch.name, *lines), buttons=GUIDE_BUTTONS, verbs=GUIDE_VERBS)
    return replace(card, resident=True, progress=progress, movement=stretch.id)


def guided_card(key: str, name: str, *, stronger: bool) -> Card:
    """The end of a guide; `stronger`: it may have become too easy."""
    card = _in_place(key, "Done", f"That was: {name}.", *([_STRONGER] if stronger else []))
    return replace(card, buttons=(Button("hurt", "It hurt"),), verbs="If it hurt: neckguard hurt")


def break_card(key: str, title: str, back: str) -> Card:
    """What stands there during a break: `back` is when it ends."""
    return _in_place(key, title, f"Back at {back}")


def rest_card(key: str, title: str, left: float, back: str) -> Card:
    """What tells somebody who is back early that a part of the break, in seconds, is left."""
    span = say_span(left if left < _MINUTE else round(left / _MINUTE) * _MINUTE)
    return _in_place(key, title, f"{span} of your break remain: back at {back}.")


def noted_card(key: str, said: str) -> Card:
    """What follows from an answer."""
    return _in_place(key, "Noted", said)


def welcome_card(key: str) -> Card:
    """The end of a break."""
    return _in_place(key, "Welcome back", "Your break is over.")


def _in_place(key: str, title: str, *lines: str) -> Card:
    """A card that takes the place of a prompt without a sound, until it is taken away."""
    return Card(key, title, lines, kind="guide", lasting=True, silent=True)


def text_of(reminder: Reminder, topics: Topics, turn: int, *, stands: bool) -> str:
    """What it says: the person's own message, else the line whose turn it is."""
    topic = topics.get(reminder.name) or topics[reminder.kind]
    lines = topic.lines if stands else topic.seated or topic.lines
    return reminder.message or (lines[turn % len(lines)] if lines else "")


def default_action(kind: Kind) -> str:
    """What a click on the body means."""
    return "done" if kind in (Kind.POSTURE, Kind.NOTE) else "start"


def title_of(reminder: Reminder, topics: Topics) -> str:
    """What stands on top: the person's own title, else the built-in one."""
    topic = topics.get(reminder.name) or topics[reminder.kind]
    if reminder.title:
        return reminder.title
    if reminder.kind is Kind.BREAK:
        return f"{topic.title}: {say_span(reminder.duration)}"
    return topic.title or reminder.name.replace("_", " ").capitalize()


def _buttons(reminder: Reminder) -> tuple[Button, ...]:
    if reminder.name == CHECKIN:
        return tuple(Button(key, key.capitalize()) for key in FEELINGS)
    later = Button("snooze", f"In {say_span(reminder.snooze)}")
    if reminder.kind is Kind.POSTURE:
        return Button("done", "Done"), Button("skip", "Not now")
    if reminder.kind is Kind.NOTE:
        return Button("done", "Done"), later, Button("skip", "Skip")
    return Button("start", "Start"), later, Button("skip", "Skip")
