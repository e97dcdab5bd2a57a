"""Days as they were beside the same days replayed: what each comes to."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from math import inf

from neckguard.core import EMPTY, Kind, Plan
from neckguard.preview.recorded import Lasted
from neckguard.preview.trace import Trace, Waited
from neckguard.stats.figures import Period, Sitting, local
from neckguard.stats.gather import OutcomeTuple
from neckguard.stats.sitting_time import measure
from neckguard.value import value

# The moments that prompts avoid, by what the engine says is in their way.
_MOMENTS = {
    "you are in a call": "call",
    "the screen is shared": "presenting",
    "an application fills the screen": "fullscreen",
    "a program you named is running": "program",
    "do not disturb is on": "dnd",
    "nobody at the screen": "away",
    EMPTY: "away",
    "you paused": "paused",
}
_UNANSWERED = "it went unanswered"  # a break that was due, and seen, before it waited
MOMENTS = tuple(dict.fromkeys(_MOMENTS.values()))


@value
class Shown:
    """A prompt was shown."""

    at: datetime
    reminder: str
    is_break: bool


@value
class Avoided:
    """A prompt was due at a bad moment, and came later: how long it was owed, in seconds."""

    at: datetime
    moment: str
    seconds: float


@value
class Story:
    """What the prompts did. The history does not tell which moments they avoided: then those are None."""

    shown: tuple[Shown, ...]
    breaks: tuple[tuple[datetime, str], ...]  # each that was taken: done or natural_break
    avoided: tuple[Avoided, ...] | None


@value
class Totals:
    """What a day or all of them come to. Spans in seconds."""

    prompts: Mapping[str, int]  # shown, by reminder
    natural: int  # breaks nobody had to ask for
    prompted: int  # breaks that were done when a prompt asked
    longest: float  # at the screen, if every break prompt had been taken
    avoided: Mapping[str, int] | None  # by moment
    longest_wait: float | None  # of those


@value
class Account:
    """What the days come to as they were, or as they were replayed: one column of the comparison."""

    total: Totals
    days: Mapping[date, Totals]


def as_it_was(outcomes: Iterable[OutcomeTuple]) -> Story:
    """What the rows of the history tell."""
    shown, breaks = [], []
    for reminder, kind, _item, _side, _due, shown_at, settled, offset, how in outcomes:
        is_break = kind == Kind.BREAK
        if shown_at is not None:
            shown.append(Shown(local(shown_at, offset), reminder, is_break))
        if is_break:
            breaks.append((local(settled, offset), how))
    return Story(tuple(shown), tuple(breaks), None)


def as_replayed(trace: Trace, plan: Plan) -> Story:
    """What the trace of a replay under these settings tells."""
    breaks = {reminder.name for reminder in plan.reminders if reminder.kind is Kind.BREAK}
    return Story(
        tuple(Shown(each.at, each.reminder, each.reminder in breaks) for each in trace.showings),
        tuple((entry.at, entry.what) for entry in trace.entries if entry.reminder in breaks),
        tuple(_avoided(trace.waited)),
    )


def account(story: Story, spans: Sequence[Lasted], days: Sequence[date]) -> Account:
    """The figures of these days, of which the spans tell when somebody was there."""
    breaks = [shown.at.timestamp() for shown in story.shown if shown.is_break]
    longest = _longest(spans, breaks, days)
    return Account(
        _totals(story, days, max(longest.values(), default=0.0)),
        {day: _totals(story, (day,), longest.get(day, 0.0)) for day in days},
    )


def sitting(spans: Iterable[Lasted], days: Sequence[date]) -> Sitting:
    """The time at the screen on these days, as recorded."""
    return measure(spans, Period(days[0], days[-1], inf, inf))


def _totals(story: Story, days: Collection[date], longest: float) -> Totals:
    shown = Counter(each.reminder for each in story.shown if each.at.date() in days)
    taken = Counter(how for at, how in story.breaks if at.date() in days)
    avoided, longest_wait = None, None
    if story.avoided is not None:
        waits = [each for each in story.avoided if each.at.date() in days]
        found = Counter(each.moment for each in waits)
        avoided = {moment: found[moment] for moment in MOMENTS}
        longest_wait = max((each.seconds for each in waits), default=0.0)
    return Totals(
        dict(sorted(shown.items())), taken["natural_break"], taken["done"], longest, avoided, longest_wait
    )


def _avoided(waited: Iterable[Waited]) -> Iterator[Avoided]:
    """Of several moments the longest counts."""
    for each in waited:
        moments: Counter[str] = Counter()
        for reason, seconds in each.spent.items():
            if reason in _MOMENTS:
                moments[_MOMENTS[reason]] += round(seconds * 1000)
        unanswered = any(reason.startswith(_UNANSWERED) for reason in each.spent)
        if moments.total() and not unanswered:
            yield Avoided(each.at, moments.most_common(1)[0][0], each.seconds)


def _longest(spans: Sequence[Lasted], ends: Iterable[float], days: Sequence[date]) -> dict[date, float]:
    """The longest time without a break that began on each day, if there was one at each of the `ends` too."""
    found: dict[date, float] = {}
    for begin, end in pairwise((-inf, *sorted(ends), inf)):
        piece = [
            (kind, reason, max(start, begin), min(stop, end), offset)
            for kind, reason, start, stop, offset in spans
            if start < end and stop > begin
        ]
        for day in sitting(piece, days).days if piece else ():
            if day.longest is not None:
                found[day.date] = max(found.get(day.date, 0.0), day.longest.sitting)
    return found
