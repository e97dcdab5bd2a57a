"""Cards about a neck: notices and questions, each put up at a calm moment and none on another's heels."""

from neckguard.core.events import Answered, Closed, Delivered, Undelivered
from neckguard.core.model import NEVER, Button, Card, Hide, Show
from neckguard.core.neck.catalogue import RedFlag
from neckguard.core.neck.flare.course import FlareUp
from neckguard.core.neck.flare.notices import LOOKED, OVER, STRENGTH
from neckguard.core.rules.quiet import QuietReasons
from neckguard.core.world import World

_APART = 3600.0  # seconds between two of them
_KEY = "neck-"  # of the questions; like a prompt's, the engine hears of them
_TITLES = {STRENGTH: "A stronger neck"}
_NO = {LOOKED: "Not yet", OVER: "Still sore"}
_VERBS = {
    LOOKED: "If somebody has: neckguard flare cleared",
    OVER: "If it is: neckguard flare end; if not: neckguard checkin 0 to 10",
}


class NeckCards:
    """What is said about a neck, without knowing why. A question stays until it is answered or closed."""

    def __init__(self, world: World, quiet: QuietReasons) -> None:
        self.asked = ""  # the question that is on the screen
        self._world = world
        self._quiet = quiet
        self._told_at = -NEVER  # boot clock
        self._card: Card | None = None

    @staticmethod
    def owns(key: str) -> bool:
        """Whether the card under this key is a question."""
        return key.startswith(_KEY)

    def calm_at(self, notice: str) -> float:
        """When it is no bother, boot clock; never, as things stand, if somebody must do something.

        Whether somebody has looked is asked outside the hours too, and of who is reminded of nothing else.
        """
        world = self._world
        grave = notice == LOOKED
        prompts = any(
            course.visible or (not grave and course.owed and not course.given_up) for course in world.courses
        )
        held = world.pause is not None or world.presence.away or not (grave or world.calendar.open)
        busy = held or prompts or self._quiet.in_force or (world.hushed and not grave)
        if busy or world.breaks.taken or not world.screen.ready:
            return NEVER
        if not world.presence.here(world.now.boot):
            return NEVER
        after_prompt = world.courses.freed_at + world.plan.quiet.settle
        return max(world.calm_until, after_prompt, self._told_at + _APART)

    def keep_apart(self) -> None:
        """The person hears enough about their neck just now."""
        self._told_at = self._world.now.boot

    def put_up(self, notice: str, flare: FlareUp | None) -> bool:
        """Say it, or ask it; whether there are words for it."""
        text = self._world.content.notices.get(notice, "")
        self.keep_apart()
        if not text and notice not in _NO:
            return False
        title = _TITLES.get(notice, "About your neck")
        card = Card(f"note-{notice}", title, (text,))
        if notice in _NO:
            named = () if flare is None else self._named(flare)
            buttons = (Button("yes", "Yes"), Button("no", _NO[notice]))
            lines = (*named, text)
            card = Card(f"{_KEY}{notice}", title, lines, buttons, _VERBS[notice], lasting=True)
            self.asked, self._card = notice, card
        self._world.emit(Show(card))
        return True

    def _named(self, flare: FlareUp) -> tuple[str, ...]:
        """What the person should have had looked at: the worst of it."""
        known: dict[str, RedFlag] = self._world.content.red_flags
        named = [known[flag] for flag in known if flag in flare.flags]
        worst = [flag.text for flag in named if flag.urgency is flare.urgency]
        more = f" (and {len(worst) - 1} more)" if len(worst) > 1 else ""
        return (f"You named: {worst[0]}{more}.",) if worst and flare.open else ()

    def take_down(self) -> None:
        """The question is answered otherwise."""
        if self._card is not None:
            self._world.emit(Hide(self._card.key))
        self.asked, self._card = "", None

    def settle(self, event: Delivered | Undelivered | Answered | Closed) -> tuple[str, str]:
        """Which question left the screen by this, and by which answer; empty: none, without one.

        One that could not be shown has the answer "unseen".
        """
        if self._card is None or event.key != self._card.key or isinstance(event, Delivered):
            return "", ""
        asked = self.asked
        self.take_down()
        if isinstance(event, Undelivered):
            return asked, "unseen"
        return asked, event.action if isinstance(event, Answered) else ""

    def notifier_changed(self, *, ready: bool) -> None:
        """A notification server came or went."""
        if ready and self._card is not None:
            self._world.emit(Show(self._card))
