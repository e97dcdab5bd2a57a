"""The engine behind neckguard, and the words everybody shares: pure, without a clock and without I/O.

This is all that the rest of the program imports of it. Each name is loaded when it is first asked for: the
command line wants two or three of them and must start in no time.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from neckguard.core.codec import from_plain as from_plain
    from neckguard.core.codec import to_plain as to_plain
    from neckguard.core.engine import LONGEST_NAP as LONGEST_NAP
    from neckguard.core.engine import Engine as Engine
    from neckguard.core.events import Answered as Answered
    from neckguard.core.events import Closed as Closed
    from neckguard.core.events import Delivered as Delivered
    from neckguard.core.events import Event as Event
    from neckguard.core.events import Idle as Idle
    from neckguard.core.events import Input as Input
    from neckguard.core.events import KeptAwake as KeptAwake
    from neckguard.core.events import NotifierChanged as NotifierChanged
    from neckguard.core.events import PlanChanged as PlanChanged
    from neckguard.core.events import QuietChanged as QuietChanged
    from neckguard.core.events import ScreenReader as ScreenReader
    from neckguard.core.events import SourceChanged as SourceChanged
    from neckguard.core.events import Tick as Tick
    from neckguard.core.events import Undelivered as Undelivered
    from neckguard.core.model import NEVER as NEVER
    from neckguard.core.model import PRESENT_WITHIN as PRESENT_WITHIN
    from neckguard.core.model import Away as Away
    from neckguard.core.model import Button as Button
    from neckguard.core.model import Card as Card
    from neckguard.core.model import Happening as Happening
    from neckguard.core.model import Moment as Moment
    from neckguard.core.model import Outcome as Outcome
    from neckguard.core.model import QuietReason as QuietReason
    from neckguard.core.model import Record as Record
    from neckguard.core.model import Reply as Reply
    from neckguard.core.neck.catalogue import NO_EXERCISES as NO_EXERCISES
    from neckguard.core.neck.catalogue import Equipment as Equipment
    from neckguard.core.neck.catalogue import FlareTexts as FlareTexts
    from neckguard.core.neck.catalogue import FlareUse as FlareUse
    from neckguard.core.neck.catalogue import Need as Need
    from neckguard.core.neck.catalogue import Passage as Passage
    from neckguard.core.neck.catalogue import Position as Position
    from neckguard.core.neck.catalogue import Posture as Posture
    from neckguard.core.neck.catalogue import Questions as Questions
    from neckguard.core.neck.catalogue import RedFlag as RedFlag
    from neckguard.core.neck.catalogue import Sort as Sort
    from neckguard.core.neck.catalogue import Stretch as Stretch
    from neckguard.core.neck.catalogue import Urgency as Urgency
    from neckguard.core.neck.catalogue import avoidable as avoidable
    from neckguard.core.neck.health import Ease as Ease
    from neckguard.core.neck.health import Limits as Limits
    from neckguard.core.neck.health import Scope as Scope
    from neckguard.core.neck.health import leaves as leaves
    from neckguard.core.neck.portions import Portion as Portion
    from neckguard.core.neck.portions import Side as Side
    from neckguard.core.neck.portions import get_ready as get_ready
    from neckguard.core.neck.portions import name_side as name_side
    from neckguard.core.neck.portions import say_hold as say_hold
    from neckguard.core.neck.portions import say_place as say_place
    from neckguard.core.neck.portions import steps as steps
    from neckguard.core.neck.portions import whole as whole
    from neckguard.core.neck.programme import RED_FLAG as RED_FLAG
    from neckguard.core.neck.programme import Content as Content
    from neckguard.core.neck.rotation import Purpose as Purpose
    from neckguard.core.neck.rotation import Rotation as Rotation
    from neckguard.core.neck.rotation import choose as choose
    from neckguard.core.person.presence import STILL_AT_MOST as STILL_AT_MOST
    from neckguard.core.person.presence import Absence as Absence
    from neckguard.core.person.presence import Claim as Claim
    from neckguard.core.plan import BUILT_IN as BUILT_IN
    from neckguard.core.plan import Answers as Answers
    from neckguard.core.plan import HistorySettings as HistorySettings
    from neckguard.core.plan import HookSettings as HookSettings
    from neckguard.core.plan import Kind as Kind
    from neckguard.core.plan import NotifySettings as NotifySettings
    from neckguard.core.plan import Opening as Opening
    from neckguard.core.plan import Plan as Plan
    from neckguard.core.plan import PresenceSettings as PresenceSettings
    from neckguard.core.plan import Problem as Problem
    from neckguard.core.plan import QuietSettings as QuietSettings
    from neckguard.core.plan import Reminder as Reminder
    from neckguard.core.plan import Severity as Severity
    from neckguard.core.plan import StretchSettings as StretchSettings
    from neckguard.core.reminders.always_covered import always_covered as always_covered
    from neckguard.core.reminders.cards import Topic as Topic
    from neckguard.core.reminders.cards import Topics as Topics
    from neckguard.core.reminders.course import Course as Course
    from neckguard.core.rules.approach import EMPTY as EMPTY
    from neckguard.core.rules.requests import unknown as unknown
    from neckguard.core.timing.durations import DAY_NAMES as DAY_NAMES
    from neckguard.core.timing.durations import EXAMPLES as EXAMPLES
    from neckguard.core.timing.durations import clean_past as clean_past
    from neckguard.core.timing.durations import clean_until as clean_until
    from neckguard.core.timing.durations import format_span as format_span
    from neckguard.core.timing.durations import parse_person_span as parse_person_span
    from neckguard.core.timing.durations import parse_span as parse_span
    from neckguard.core.timing.durations import say_hours as say_hours
    from neckguard.core.timing.durations import say_span as say_span
    from neckguard.core.timing.pauses import parse_until as parse_until
    from neckguard.core.timing.wallclock import at_instant as at_instant
    from neckguard.core.timing.wallclock import instant_after as instant_after
    from neckguard.core.timing.wallclock import say_when as say_when
    from neckguard.core.told.explain import explain as explain
    from neckguard.core.told.saved import LastLife as LastLife
    from neckguard.core.told.saved import forgotten as forgotten
    from neckguard.core.told.saved import revive as revive
    from neckguard.core.told.saved import take_anchor as take_anchor
    from neckguard.core.told.saved import take_state as take_state
    from neckguard.core.told.view import Spans as Spans
    from neckguard.core.told.view import iso as iso
    from neckguard.core.told.view import spans as spans
    from neckguard.core.told.view import view as view
    from neckguard.core.verbs import Verb as Verb
    from neckguard.core.wording import say_answers as say_answers
    from neckguard.core.wording import say_problem as say_problem

_HOMES = {
    "codec": "from_plain to_plain",
    "engine": "Engine LONGEST_NAP",
    "events": (
        "Answered Closed Delivered Event Idle Input KeptAwake NotifierChanged PlanChanged QuietChanged "
        "ScreenReader SourceChanged Tick Undelivered"
    ),
    "model": "Away Button Card Happening Moment NEVER Outcome PRESENT_WITHIN QuietReason Record Reply",
    "neck.catalogue": (
        "Equipment FlareTexts FlareUse NO_EXERCISES Need Passage Position Posture Questions RedFlag Sort "
        "Stretch Urgency avoidable"
    ),
    "neck.health": "Ease Limits Scope leaves",
    "neck.portions": "Portion Side get_ready name_side say_hold say_place steps whole",
    "neck.programme": "Content RED_FLAG",
    "neck.rotation": "Purpose Rotation choose",
    "person.presence": "Absence Claim STILL_AT_MOST",
    "plan": (
        "Answers BUILT_IN HistorySettings HookSettings Kind NotifySettings Opening Plan PresenceSettings "
        "Problem QuietSettings Reminder Severity StretchSettings"
    ),
    "reminders.always_covered": "always_covered",
    "reminders.cards": "Topic Topics",
    "reminders.course": "Course",
    "rules.approach": "EMPTY",
    "rules.requests": "unknown",
    "timing.durations": (
        "DAY_NAMES EXAMPLES clean_past clean_until format_span parse_person_span parse_span say_hours"
        " say_span"
    ),
    "timing.pauses": "parse_until",
    "timing.wallclock": "at_instant instant_after say_when",
    "told.explain": "explain",
    "told.saved": "LastLife forgotten revive take_anchor take_state",
    "told.view": "Spans iso spans view",
    "verbs": "Verb",
    "wording": "say_answers say_problem",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """Load what is asked for (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(__import__(f"{__name__}.{_HOME_OF[name]}", fromlist=[name]), name)
    globals()[name] = found
    return found
