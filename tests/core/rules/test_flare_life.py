"""Flare-ups lived through in virtual time: each branch of the plan as the person would tell of it.

A line has the day and the time, then what the person says or clicks (`>`), what answers it (`<`), a card
about the neck (`*`: the id of a notice, a question with its buttons), or where it stands, whenever that
changes (`=`: stage, movements, how often a break comes).
"""

from datetime import timedelta
from textwrap import dedent, wrap
from typing import Any

from support.virtual import MONDAY_9, Desk, plan, reminder

from neckguard.content import loader
from neckguard.core import verbs
from neckguard.core.events import Answered
from neckguard.core.model import Card
from neckguard.core.plan import Opening
from neckguard.core.timing.durations import say_span
from neckguard.core.told.view import view

CONTENT = loader.load_content()
DAILY = tuple(Opening(day, 9 * 60, 18 * 60) for day in range(7))
EVENING = reminder("checkin", None, at=("17:30",), days=(0, 1, 2, 3, 4), enabled=False)
BREAK = reminder("break", 3600.0)
THE_PLAN = (
    "The flare-up plan is in force: a break every 40 min with one small, safe movement; posture checks and"
    " stretches rest. In the evening you are asked how it goes; or at any time: neckguard flare log."
    " When it is over: neckguard flare end"
)


class Life(Desk):
    """Somebody at a desk from 9 to 18 every day, who settles each break at once."""

    def __init__(self, *reminders: Any) -> None:
        self.lines: list[str] = []
        self.evenings: dict[int, str] = {}  # the button that they click on which day
        self.prompts = 0
        self._stood = "= over, all, 60 min"
        super().__init__(plan(*(reminders or (EVENING,)), hours=DAILY), content=CONTENT, person=self._take)
        self.watch = self._see_card
        self.pass_time(60.0)

    def say(self, verb: verbs.Verb, words: str) -> "Life":
        self._tell(f"> {words}")
        reply = self.do(verb)
        assert reply is not None
        data = [f"{name}: {what}" for name, what in reply.data.items() if name != "kept"]
        said = reply.message.replace(THE_PLAN, "(the plan)")
        for line in (f"{'' if reply.ok else 'no: '}{said}", *data):
            self.lines += wrap(line, 100, initial_indent=" " * 11 + "< ", subsequent_indent=" " * 13)
        self._look()
        return self

    def start(self, severity: int | None = None, side: str = "", *flags: str) -> "Life":
        words = " ".join(str(each) for each in (severity, side, *flags) if each not in (None, ""))
        return self.say(verbs.FlareStart(severity, side, flags), f"flare start {words}".strip())

    def click(self, button: str) -> "Life":
        """A button of the question on the screen."""
        (card,) = (card for key, card in self.screen.items() if key.startswith("neck-"))
        self._tell(f"> [{next(each.label for each in card.buttons if each.key == button)}]")
        self.do(Answered(card.key, button))
        self._look()
        return self

    def to(self, day: int, clock: str) -> "Life":
        """Until this time of that day, counted from 1."""
        hour, minute = (int(part) for part in clock.split(":"))
        goal = (MONDAY_9 + timedelta(days=day - 1)).replace(hour=hour, minute=minute).timestamp()
        while self.wall < goal:
            self.pass_time(min(goal - self.wall, 900.0))
            self._look()
        return self

    def _take(self, card: Card) -> tuple[float, Answered] | None:
        if card.kind == "break":
            return 5.0, Answered(card.key, "done")
        if card.kind == "note" and (button := self.evenings.get(self._day)):
            label = next(each.label for each in card.buttons if each.key == button)
            self._tell(f"> [{label}]")
            return 0.0, Answered(card.key, button)
        return None

    def _see_card(self, card: Card) -> None:
        about_neck = card.key.startswith(("note-", "neck-")) or card.title == "Noted"
        self.prompts += card.kind in ("break", "note")
        if about_neck:
            buttons = f" [{' | '.join(button.label for button in card.buttons)}]" if card.buttons else ""
            name = card.key.removeprefix("note-")
            self._tell(f"* {name if name != card.key else f'{card.title}: ' + ' '.join(card.lines)}{buttons}")

    @property
    def _day(self) -> int:
        return (self.now.wall.date() - MONDAY_9.date()).days + 1

    def _tell(self, line: str) -> None:
        self.lines += wrap(f"{self._day:>2}, {self.now.wall:%H:%M}  {line}", 100, subsequent_indent=" " * 13)

    def _look(self) -> None:
        flare = view(self.engine)["flare"]
        scope = self.engine.world.programme.limits.scope.name.lower()
        course = self.engine.world.courses.get("break")
        every = f", {say_span(course.reminder.every or 0)}" if course else ", 60 min"
        stands = f"= {flare['stage'] if flare else 'over'}, {scope}{every}"
        if stands != self._stood:
            self._stood = stands
            self._tell(stands)

    @property
    def told(self) -> list[str]:
        return [line.strip() for line in self.lines]


def told(text: str) -> list[str]:
    return [line.strip() for line in dedent(text).strip().splitlines()]


def test_a_mild_one_that_is_over_after_two_comfortable_evenings() -> None:
    life = Life(BREAK, EVENING)
    life.evenings = {1: "same", 2: "same", 3: "better", 4: "better"}
    life.start(4, "left").to(14, "12:00")
    assert life.told == told(
        """
         1, 09:01  > flare start 4 left
                   < (the plan)
         1, 09:01  = first_48h, safe, 40 min
         1, 17:30  > [About the same]
         1, 17:30  * Noted: Tiny movements for now. Half the range comes Wed 25 Nov 09:01.
         2, 17:30  > [About the same]
         2, 17:30  * Noted: Tiny movements for now. Half the range comes tomorrow 09:01.
         3, 09:01  * after_48h
         3, 09:01  = after_48h, half, 40 min
         3, 17:30  > [Better, turning is easy]
         3, 17:30  * Noted: Full stretches come tomorrow 09:01; two comfortable days, and the normal plan
                     is, too.
         3, 17:31  = return, half, 40 min
         4, 09:01  = return, stretches, 40 min
         4, 17:30  > [Better, turning is easy]
         4, 17:30  * Noted: Full stretches are back; two comfortable days, and the normal plan is, too.
         5, 17:30  * settled
         5, 17:31  = over, stretches, 1 h
        12, 17:31  = over, all, 1 h
        """
    )


def test_after_an_emergency_nothing_prompts_that_day_but_one_question() -> None:
    life = Life(BREAK, EVENING).to(1, "14:00").start(None, "", "accident")
    prompts = life.prompts
    life.to(2, "08:59")
    assert life.prompts == prompts
    life.to(2, "10:00").click("no").to(3, "09:30").say(verbs.FlareEnd(), "flare end")
    life.say(verbs.FlareEnd(looked=False), "flare end, no").say(verbs.FlareCleared(), "flare cleared")
    life.to(4, "12:00")
    assert life.told == told(
        """
         1, 09:16  = over, all, 1 h
         1, 14:00  > flare start accident
                   < Noted. No reminders for the rest of today.
         1, 14:00  = red_flags, nothing, 40 min
         1, 16:00  * About your neck: You named: After a crash, fall, dive or blow to the head (over 65 or
                     weak bones: small falls too). Has somebody looked at it? If not, get help now. [Yes |
                     Not yet]
         2, 10:00  > [Not yet]
         3, 09:00  * About your neck: You named: After a crash, fall, dive or blow to the head (over 65 or
                     weak bones: small falls too). Has somebody looked at it? If not, get help now. [Yes |
                     Not yet]
         3, 09:30  > flare end
                   < no: It goes on. Somebody should look at what you named first. No exercises until
                     somebody has looked; once they have: neckguard flare cleared.
                   < asks: looked
         3, 09:30  > flare end, no
                   < no: It goes on. Somebody should look at what you named first. No exercises until
                     somebody has looked; once they have: neckguard flare cleared.
         3, 09:30  > flare cleared
                   < Good that somebody has looked. The flare-up goes on, on its day 2. Tiny movements for
                     now. Half the range comes 14:00.
         3, 09:30  = first_48h, safe, 40 min
         3, 14:00  * after_48h
         3, 14:00  = after_48h, half, 40 min
        """
    )


def test_what_was_named_for_today_is_asked_about_the_next_morning() -> None:
    life = Life().to(1, "14:00").start(3, "", "tingling").to(2, "10:00").click("yes").to(4, "10:00")
    assert life.told == told(
        """
         1, 14:00  > flare start 3 tingling
                   < No exercises until somebody has looked; once they have: neckguard flare cleared. Breaks
                     go on, without movements.
         1, 14:00  = red_flags, nothing, 60 min
         2, 09:00  * About your neck: You named: Pins and needles that stay, or a cold arm. Has somebody
                     looked at it? If not, get help now. [Yes | Not yet]
         2, 10:00  > [Yes]
         2, 10:00  = first_48h, safe, 60 min
         3, 14:00  * after_48h
         3, 14:00  = after_48h, half, 60 min
        """
    )


def test_nothing_but_the_question_comes_while_nobody_has_looked() -> None:
    life = Life().start(3, "", "weakness").to(45, "12:00").say(verbs.FlareLog(2), "flare log 2")
    life.say(verbs.FlareEnd(looked=True), "flare end, yes")
    assert life.told == told(
        """
         1, 09:01  > flare start 3 weakness
                   < Noted. No reminders for the rest of today.
         1, 09:01  = red_flags, nothing, 60 min
         1, 11:01  * About your neck: You named: New weak arm or leg, clumsy hands, trouble walking. Has
                     somebody looked at it? If not, get help now. [Yes | Not yet]
        45, 12:00  > flare log 2
                   < Noted. No exercises until somebody has looked; once they have: neckguard flare cleared.
        45, 12:00  > flare end, yes
                   < Noted: it is over, and somebody has looked. Your normal plan is back; pressing and band
                     exercises follow in a week.
        45, 12:00  = over, half, 60 min
        """
    )


def test_what_was_named_for_this_week_keeps_it_small_until_somebody_has_looked() -> None:
    life = Life().start(5, "right", "age").to(4, "12:00").say(verbs.FlareLog(2), "flare log 2")
    life.to(15, "12:00").say(verbs.FlareCleared(), "flare cleared").to(18, "12:00")
    assert life.told == told(
        """
         1, 09:01  > flare start 5 right age
                   < Only small, safe movements until somebody has looked; once they have: neckguard flare
                     cleared. (the plan)
         1, 09:01  = first_48h, safe, 60 min
         3, 09:01  * after_48h
         3, 09:01  = after_48h, safe, 60 min
         3, 10:01  * held_safe
         4, 12:00  > flare log 2
                   < Noted. Only small, safe movements until somebody has looked; once they have: neckguard
                     flare cleared.
         4, 12:00  = return, safe, 60 min
        15, 12:00  > flare cleared
                   < Good that somebody has looked. The flare-up goes on, on its day 15. Full stretches come
                     tomorrow 12:00; two comfortable days, and the normal plan is, too.
        15, 12:00  = return, half, 60 min
        16, 12:00  = return, stretches, 60 min
        17, 12:00  * settled
        17, 12:00  = over, stretches, 60 min
        """
    )


def test_worse_than_the_lowest_score_opens_the_checklist_once_for_each_rise_and_8_always() -> None:
    life = Life().start(4)
    for day, clock, score in (
        (1, "16:00", 6), (1, "17:00", 8), (2, "10:00", 8), (2, "16:00", 10), (3, "10:00", 7), (3, "16:00", 5),
        (4, "10:00", 8), (5, "10:00", 2), (6, "10:00", 3), (7, "10:00", 4),
    ):  # fmt: skip
        life.to(day, clock).say(verbs.FlareLog(score), f"flare log {score}")
    assert life.told == told(
        """
         1, 09:01  > flare start 4
                   < (the plan)
         1, 09:01  = first_48h, safe, 60 min
         1, 16:00  > flare log 6
                   < Noted. It is worse, or very bad: please go through the checklist again: neckguard flare
                     start
                   < checklist: True
         1, 17:00  > flare log 8
                   < Noted. It is worse, or very bad: please go through the checklist again: neckguard flare
                     start
                   < checklist: True
         2, 10:00  > flare log 8
                   < Noted. It is worse, or very bad: please go through the checklist again: neckguard flare
                     start
                   < checklist: True
         2, 16:00  > flare log 10
                   < Noted. It is worse, or very bad: please go through the checklist again: neckguard flare
                     start
                   < checklist: True
         3, 09:01  * after_48h
         3, 09:15  = after_48h, half, 60 min
         3, 10:00  > flare log 7
                   < Noted. Full stretches wait for 2 or less, or for comfortable turning.
         3, 16:00  > flare log 5
                   < Noted. Full stretches wait for 2 or less, or for comfortable turning.
         4, 09:01  * held_back
         4, 10:00  > flare log 8
                   < Noted. It is worse, or very bad: please go through the checklist again: neckguard flare
                     start
                   < checklist: True
         5, 10:00  > flare log 2
                   < Noted. Full stretches are back; two comfortable days, and the normal plan is, too.
         5, 10:00  = return, stretches, 60 min
         6, 10:00  > flare log 3
                   < Noted. Full stretches wait for 2 or less, or for comfortable turning.
         6, 10:00  = after_48h, half, 60 min
         7, 10:00  > flare log 4
                   < Noted. It is worse, or very bad: please go through the checklist again: neckguard flare
                     start
                   < checklist: True
        """
    )


def test_a_first_score_of_8_opens_it_too() -> None:
    life = Life().start(9).to(1, "17:00").say(verbs.Checkin(8), "checkin 8")
    assert life.told == told(
        """
         1, 09:01  > flare start 9
                   < That is very bad pain: if painkillers from a shop do not ease it, talk to a doctor
                     today. (the plan)
         1, 09:01  = first_48h, safe, 60 min
         1, 17:00  > checkin 8
                   < Noted: 8 of 10. It is worse, or very bad: please go through the checklist again:
                     neckguard flare start
                   < checklist: True
        """
    )


def test_worse_can_be_said_by_a_click() -> None:
    life = Life(BREAK, EVENING)
    life.evenings = {3: "worse", 4: "same"}
    life.start(4).to(5, "09:00")
    assert life.told == told(
        """
         1, 09:01  > flare start 4
                   < (the plan)
         1, 09:01  = first_48h, safe, 40 min
         3, 09:01  * after_48h
         3, 09:01  = after_48h, half, 40 min
         3, 17:30  > [Worse]
         3, 17:30  * risen
         4, 09:01  * held_back
         4, 17:30  > [About the same]
         4, 17:30  * Noted: Full stretches wait for 2 or less, or for comfortable turning.
        """
    )


def test_three_weeks_without_a_word_end_nothing() -> None:
    life = Life().start(4).to(60, "12:00")
    assert life.told == told(
        """
         1, 09:01  > flare start 4
                   < (the plan)
         1, 09:01  = first_48h, safe, 60 min
         3, 09:01  * after_48h
         3, 09:01  = after_48h, half, 60 min
         4, 09:01  * held_back
         8, 09:01  * day_7
        15, 09:01  * day_14
        22, 09:01  * About your neck: Three weeks without a word about your neck. Is it over? [Yes | Still
                     sore]
        43, 09:01  * day_42
        """
    )


def test_whether_it_is_over_is_asked_again_after_three_more_weeks() -> None:
    life = Life().start(4).to(22, "12:00").click("no").to(44, "12:00").click("yes").to(52, "10:00")
    assert life.told == told(
        """
         1, 09:01  > flare start 4
                   < (the plan)
         1, 09:01  = first_48h, safe, 60 min
         3, 09:01  * after_48h
         3, 09:01  = after_48h, half, 60 min
         4, 09:01  * held_back
         8, 09:01  * day_7
        15, 09:01  * day_14
        22, 09:01  * About your neck: Three weeks without a word about your neck. Is it over? [Yes | Still
                     sore]
        22, 12:00  > [Still sore]
        43, 09:01  * day_42
        43, 12:00  * About your neck: Three weeks without a word about your neck. Is it over? [Yes | Still
                     sore]
        44, 12:00  > [Yes]
        44, 12:00  = over, stretches, 60 min
        51, 12:00  = over, all, 60 min
        """
    )


def test_comfortable_turning_outweighs_a_score_of_3_and_a_pack_is_no_pain() -> None:
    life = Life().start(4).to(4, "10:00").say(verbs.FlareLog(3, turning=True), "flare log 3 --turning yes")
    life.to(5, "09:30").say(verbs.FlareLog(3), "flare log 3").to(5, "21:00")
    life.do(verbs.Timer("heat"))
    life.do(verbs.TimerStop())
    life.to(14, "12:00")
    assert life.told == told(
        """
         1, 09:01  > flare start 4
                   < (the plan)
         1, 09:01  = first_48h, safe, 60 min
         3, 09:01  * after_48h
         3, 09:01  = after_48h, half, 60 min
         4, 09:01  * held_back
         4, 10:00  > flare log 3 --turning yes
                   < Noted. Full stretches are back; two comfortable days, and the normal plan is, too.
         4, 10:00  = return, stretches, 60 min
         5, 09:30  > flare log 3
                   < Noted. Full stretches are back; two comfortable days, and the normal plan is, too.
         6, 10:00  * settled
         6, 10:00  = over, stretches, 60 min
        13, 10:00  = over, all, 60 min
        """
    )


def test_a_start_within_a_week_of_the_end_is_the_same_flare_up() -> None:
    life = Life().start(4).to(4, "10:00").say(verbs.FlareEnd(), "flare end").to(9, "10:00").start(5)
    life.to(10, "10:00").say(verbs.FlareEnd(), "flare end").to(18, "10:00").start(3, "left").to(19, "12:00")
    assert life.told == told(
        """
         1, 09:01  > flare start 4
                   < (the plan)
         1, 09:01  = first_48h, safe, 60 min
         3, 09:01  * after_48h
         3, 09:01  = after_48h, half, 60 min
         4, 09:01  * held_back
         4, 10:00  > flare end
                   < Good to hear. Your normal plan is back; pressing and band exercises follow in a week.
         4, 10:00  = over, stretches, 60 min
         9, 10:00  > flare start 5
                   < It is the same flare-up as before, on its day 9. (the plan)
         9, 10:00  = after_48h, half, 60 min
         9, 11:00  * day_7
        10, 10:00  > flare end
                   < Good to hear. Your normal plan is back; pressing and band exercises follow in a week.
        10, 10:00  = over, stretches, 60 min
        17, 10:00  = over, all, 60 min
        18, 10:00  > flare start 3 left
                   < (the plan)
        18, 10:00  = first_48h, safe, 60 min
        18, 11:00  * two_in_30_days
        """
    )
