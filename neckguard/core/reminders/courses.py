"""All courses: how reminders fall due, how prompts settle, and what follows from each outcome.

Every prompt ends in `settle`, exactly once; the course then begins its next cycle, is put off, or stays owed.
`course.LIFE` says where each step leads.
"""

from collections.abc import Callable, Iterable

from neckguard.core.model import SLACK, Effect, Happening, Hide, Moment, Outcome, Record
from neckguard.core.neck.portions import Guide
from neckguard.core.plan import Kind, Reminder
from neckguard.core.reminders.course import Course, Prompt
from neckguard.core.reminders.covering import lend_slot, take_slot_back, wait_for_slot
from neckguard.core.reminders.cycles import Cycles
from neckguard.core.timing.wallclock import Occurrence


class Courses(Cycles):
    """Where every reminder stands: its cycle, and its prompt."""

    def __init__(self, now: Moment, emit: Callable[[Effect], None]) -> None:
        super().__init__(now)
        self.last_settled = ""  # the reminder whose prompt left the screen last
        self.freed_at = float("-inf")  # when that was, boot clock
        self.showing: Course | None = None  # the one whose prompt is on the screen
        self.guide: Guide | None = None  # what stands in that prompt's place while it is followed
        self._emit = emit

    def with_card(self, key: str) -> Course | None:
        """The course whose unsettled prompt has this card."""
        return next((each for each in self if each.prompt is not None and each.prompt.card.key == key), None)

    def record(
        self, what: Outcome | Happening, course: Course | None = None, reason: str = "", *, prompt: int = 0
    ) -> None:
        """Tell the log, `why` and the history."""
        name, kind = (course.name, course.reminder.kind) if course else ("", None)
        self._emit(Record(self.now.wall, what, name, kind, prompt, reason))

    # ---- the set of reminders -----------------------------------------------------------------------------

    def change(self, course: Course, reminder: Reminder) -> None:
        """Change a reminder's settings; the time already sat stays where it still means something."""
        before, course.reminder = course.reminder, reminder
        self._find_walls()
        if course.given_up and reminder.kind is not Kind.BREAK:
            course.given_up = False
        if not reminder.enabled:
            self.withdraw(course, "switched off")
            self._clear(course)
        elif not before.enabled or (before.every is None) != (reminder.every is None):
            self.withdraw(course, "changed")
            course.known_since = self.now.wall.timestamp()
            self.restart(course)
        elif before.at != reminder.at or before.days != reminder.days:
            course.known_since = self.now.wall.timestamp()
        elif reminder.every is not None and before.every != reminder.every:
            put_off = course.snoozed or course.given_up
            if not put_off and self.timeline.due_in(course.name) is not None:  # also under a prompt of `now`
                self.timeline.retime(course.name, reminder.every)

    def lend_slots(self) -> None:
        """After the set changed: breaks that wait for a stretch's slot need somebody to lend one."""
        for course in self:
            if course.given_up:
                wait_for_slot(course, self, self.timeline)

    # ---- falling due --------------------------------------------------------------------------------------

    def run(self, seconds: float) -> None:
        """Let sitting time pass; what falls due is owed."""
        for name in self.timeline.run(seconds):
            self.fall_due(self._all[name])

    def take_back(self, sitting: float) -> None:
        """Nobody sat since the sitting clock showed this: what fell due meanwhile, unseen, is not due yet."""
        self.timeline.set_back(sitting)
        for course in self:
            if course.unseen and self.timeline.undo(course.name):
                if course.reminder.every is not None and not course.snoozed:
                    self.timeline.retime(course.name, course.reminder.every)  # it may be another one by now
                course.owed_since = None
                self.record(Happening.TAKEN_BACK, course, "you had left before")
                take_slot_back(course, self)

    def occur(self, course: Course, occurrence: Occurrence, *, open_then: bool) -> None:
        """Meet a time of an `at` reminder, once and for all; an unseen earlier one gives way to it.

        Outside the hours nobody waits for one of each hour's: nothing is said of it.
        """
        if occurrence.instant <= course.known_since:
            return
        course.deal_with(occurrence.key)
        if not open_then:
            if not occurrence.hourly:
                self.record(Happening.DROPPED, course, "off_hours")
            return
        if not course.visible:
            self.withdraw(course, "the next one is due")
            self._clear(course)
        self.fall_due(course)

    def fall_due(self, course: Course) -> None:
        """Owe a prompt. A stretch lends its slot to a break that went unanswered."""
        if course.given_up:
            course.given_up = False
        elif not course.owed and not course.visible:
            course.owed_since, course.day = self.now.wall, self.now.wall.date().isoformat()
            self.record(Happening.DUE, course)
        lend_slot(course, self)

    # ---- the screen ---------------------------------------------------------------------------------------

    def reveal(self, course: Course, prompt: Prompt) -> None:
        """Its prompt is on the screen from now on; whether anybody can see it yet, the server will tell."""
        self.showing, prompt.visible, prompt.delivered = course, True, False
        prompt.since = self.now.boot

    def conceal(self, prompt: Prompt) -> None:
        """It is on the screen no more, and nobody is guided through it."""
        if prompt.visible:
            self.showing = self.guide = None
        prompt.visible = prompt.delivered = False

    def make_way(self, course: Course) -> Prompt | None:
        """Its prompt leaves the place on the screen that it is in to another card: that prompt, if any."""
        prompt = course.prompt
        if prompt is None or not prompt.visible:
            return None
        self.conceal(prompt)
        self.last_settled, self.freed_at = course.name, self.now.boot
        return prompt

    def begin_guide(self, guide: Guide) -> None:
        """The open prompt gives its place to a guide, and ends with it."""
        self.guide = guide

    def end_guide(self) -> None:
        """Nobody is guided any more; the prompt stands there again."""
        self.guide = None

    def free_the_screen(self) -> None:
        """Something left the screen: what follows keeps its distance."""
        self.freed_at = self.now.boot

    def hide(self, course: Course, reason: str) -> None:
        """Take its prompt off the screen without settling it; it stays owed."""
        if course.prompt is not None and course.prompt.visible:
            self.conceal(course.prompt)
            self._emit(Hide(course.prompt.card.key))
            self.record(Happening.HIDDEN, course, reason, prompt=course.prompt.id)

    def withdraw(self, course: Course, reason: str) -> None:
        """End its prompt, if there is one, without an answer."""
        if course.prompt is not None:
            self._end_prompt(course, Outcome.WITHDRAWN, reason)

    def _end_prompt(
        self, course: Course, outcome: Outcome, reason: str, *, item: str | None = None
    ) -> tuple[Course, ...]:
        """Settle the prompt, if there is one; the courses that it covers."""
        shown = self.make_way(course)
        self._emit(course.record(self.now.wall, outcome, reason, item=item))
        prompt, course.prompt = course.prompt, None
        if prompt is None:
            return ()
        if shown:
            self._emit(Hide(prompt.card.key))
        return tuple(self._all[name] for name in prompt.covers if name in self._all)

    # ---- settling -----------------------------------------------------------------------------------------

    def settle(self, course: Course, outcome: Outcome, reason: str = "", *, item: str | None = None) -> None:
        """End this round of the course, with or without a prompt, and begin what follows.

        `item` is what was done if that is not what a prompt suggested; empty: none of it, as far as known.
        """
        covered = self._end_prompt(course, outcome, reason, item=item)
        self.restart(course)
        self._cover(course, covered)

    def ignore(self, course: Course, *, unsure: str = "") -> None:
        """Nobody answered its prompt. A break is offered again, and then stays owed.

        Anything is, once, if the server of the name `unsure` may not have shown it.
        """
        is_break, offers = course.reminder.kind is Kind.BREAK, course.offers
        most = max(course.reminder.max_snoozes if is_break else 0, 1 if unsure else 0)
        reason = f"{unsure} may not have shown it" if unsure else ""
        if not course.reminder.enabled:  # a switched-off one comes by `now` alone, and once
            self.settle(course, Outcome.IGNORED, reason)
            return
        covered = self._end_prompt(course, Outcome.IGNORED, reason)
        if offers < most:
            self._put_off(course, covered, course.reminder.snooze)
            course.offers = offers + 1
            return
        if is_break:
            course.given_up = True
            wait_for_slot(course, self, self.timeline)
        else:
            self.restart(course)
        self._cover(course, covered)

    def _cover(self, course: Course, covered: Iterable[Course]) -> None:
        """Its prompt stood for these, too."""
        for each in covered:
            self.settle(each, Outcome.COVERED, f"by {course.name}")

    def snooze(self, course: Course, outcome: Outcome, seconds: float) -> None:
        """The person's "later"; what the prompt covers comes along."""
        covered = self._end_prompt(course, outcome, "")
        self._put_off(course, covered, seconds)

    def put_off(self, course: Course, seconds: float) -> None:
        """Put off what is not due yet."""
        self.record(Happening.PUT_OFF, course)
        self._put_off(course, (), seconds)

    def absence(self, length: float, *, ahead: float = 0.0, taken: bool = False) -> None:
        """Let an absence count for all it is long enough for: open prompts are done, cycles start afresh.

        One that was `taken` as a break at the person's word is on record already.
        """
        # Prompts first: what they cover is settled with them.
        for course in sorted(self, key=lambda course: course.prompt is None):
            reset_after = course.wanted.reset_after
            if reset_after is None or reset_after > length + SLACK:
                continue
            if course.prompt is not None:
                self.settle(course, Outcome.DONE, "away long enough", item="")
            elif course.reminder.every is None:
                continue  # what a time or a date brought stays owed until it was shown
            elif course.owed or course.snoozed:
                self.settle(course, Outcome.NATURAL_BREAK)
            elif not course.reminder.enabled:
                continue
            elif course.reminder.kind is Kind.BREAK and not taken:
                self.settle(course, Outcome.NATURAL_BREAK)
            self.restart(course, ahead=ahead)

    def drop(self, course: Course, reason: str, what: Happening = Happening.DROPPED) -> None:
        """Owe it no longer."""
        self.withdraw(course, reason)
        self.record(what, course, reason)
        self._clear(course)

    def _put_off(self, course: Course, covered: Iterable[Course], seconds: float) -> None:
        along = [other for other in covered if other.reminder.enabled]
        for other in along:
            self.record(Happening.PUT_OFF, other, f"with {course.name}")
        today = self.now.wall.date().isoformat()
        for each in (course, *along):
            day, asked = each.day or today, each.asked
            self._clear(each)
            each.snoozed, each.day, each.asked = True, day, asked
            self.timeline.postpone(each.name, seconds)
