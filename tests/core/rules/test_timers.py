"""Timers for cold and warm packs, in virtual time: they ring whatever else is going on."""

from typing import Any

import pytest
from support.virtual import Desk, plan, reminder, story

from neckguard.core import verbs
from neckguard.core.events import (
    Answered,
    AwayBegan,
    Closed,
    NotifierChanged,
    QuietChanged,
    Slept,
    Undelivered,
)
from neckguard.core.model import Away, Card, Effect, QuietReason, Ring, Show, StayAwake
from neckguard.core.plan import Opening
from neckguard.core.told.view import view


class Patient(Desk):
    """Somebody with a pack, who hears what rings and when."""

    def __init__(self, *reminders: Any, **changes: Any) -> None:
        self.rings: list[str] = []
        self.awake: list[str] = []
        super().__init__(plan(*(reminders or (reminder("water", 7200.0, enabled=False),)), **changes))

    def _see(self, effect: Effect) -> None:
        if isinstance(effect, Ring):
            self.rings.append(f"{self.now.wall:%H:%M:%S}")
        if isinstance(effect, StayAwake):
            self.awake.append(f"{self.now.wall:%H:%M:%S} {effect.why or 'may sleep'}")
        super()._see(effect)

    def say(self, verb: verbs.Verb) -> str:
        reply = self.do(verb)
        assert reply is not None
        return reply.message

    @property
    def card(self) -> Card:
        (card,) = (card for key, card in self.screen.items() if key.startswith("timer-"))
        return card


COLD = ["09:10:00", "09:11:00", "09:12:00", "09:13:00", "09:14:00", "09:15:00"]


def test_cold_rings_after_ten_minutes_and_each_minute_up_to_its_hard_stop() -> None:
    desk = Patient()
    assert desk.say(verbs.Timer("cold")) == (
        "It rings at 09:10, after 10 min, then each minute until 15 min."
        " When it rings: neckguard done. To end it before: neckguard flare cold --stop"
    )
    desk.until("09:10")
    assert desk.card == Card(
        key="timer-1",
        title="10 min: take the cold pack off",
        lines=(
            "It rings again each minute; at 15 min take it off in any case.",
            "How does the skin look? At least 2 hours before the next pack.",
        ),
        buttons=desk.card.buttons,
        verbs="Answer: neckguard done",
        kind="timer",
        lasting=True,
        urgent=True,
    )
    assert [(button.key, button.label) for button in desk.card.buttons] == [("done", "It is off")]
    desk.until("10:00")
    assert desk.rings == COLD
    assert (desk.card.key, desk.card.title, desk.card.lines[0]) == (
        "timer-6",
        "15 min: take the cold pack off",
        "Now, in any case.",
    )
    assert desk.took() == story(
        """
        09:00:00 timer_start (cold)
        09:10:00 timer_ring (cold)
        09:11:00 timer_ring (cold)
        09:12:00 timer_ring (cold)
        09:13:00 timer_ring (cold)
        09:14:00 timer_ring (cold)
        09:15:00 timer_ring (cold)
        09:15:00 timer_end (cold: hard stop)
        """
    )
    assert desk.awake == ["09:00:00 a timer for cold on the neck is running", "09:15:00 may sleep"]


def test_after_five_minutes_a_quiet_card_asks_for_a_look_at_the_skin() -> None:
    desk = Patient()
    desk.say(verbs.Timer("cold"))
    desk.pass_time(299.0)
    assert desk.open == []
    desk.until("09:05")
    assert desk.card == Card(
        key="timer-skin",
        title="Look at your skin",
        lines=(
            "Lift the pack for a moment.",
            "White, blotchy, sore or numb? Then leave it off: neckguard flare cold --stop",
        ),
        kind="timer",
        silent=True,
    )
    assert desk.rings == []
    desk.restart(1.0)
    desk.until("09:10")
    assert desk.open == ["timer-1"]
    desk.do(verbs.TimerStop())
    desk.say(verbs.Timer("heat"))
    desk.until("09:16")
    assert desk.open == ["timer-skin"]
    desk.do(verbs.TimerStop())
    assert desk.open == []


def test_heat_rings_after_fifteen_minutes_until_twenty() -> None:
    desk = Patient()
    desk.say(verbs.Timer("heat"))
    desk.until("10:00")
    assert desk.rings == [f"09:{minute}:00" for minute in range(15, 21)]
    assert desk.card.title == "20 min: take the warm pack off"


@pytest.mark.parametrize("answer", ["done", "default"])
def test_an_answer_ends_it(answer: str) -> None:
    desk = Patient()
    desk.say(verbs.Timer("cold"))
    desk.until("09:11")
    desk.do(Answered("timer-2", answer))
    desk.until("09:30")
    assert desk.rings == COLD[:2]
    assert desk.open == []
    assert desk.took()[-1] == "09:11:00 timer_end (cold: by you)"


def test_done_in_the_terminal_answers_the_ring_before_any_prompt() -> None:
    desk = Patient(reminder("posture", 600.0, expire_after=1e6))
    desk.say(verbs.Timer("cold"))
    desk.until("09:12")
    assert desk.say(verbs.Done()) == "The timer is over. At least 2 hours before the next pack."
    assert desk.open == ["prompt-1"]
    assert desk.rings == COLD[:3]
    assert desk.say(verbs.Done()).startswith("Done: posture.")


def test_done_before_it_rings_is_about_the_prompt() -> None:
    desk = Patient(reminder("posture", 300.0, expire_after=1e6))
    desk.say(verbs.Timer("cold"))
    desk.until("09:06")
    assert desk.say(verbs.Done()).startswith("Done: posture.")
    assert desk.engine.rules.timers.timer is not None


def test_closing_the_card_answers_it_and_a_server_that_drops_it_does_not() -> None:
    desk = Patient()
    desk.say(verbs.Timer("cold"))
    desk.until("09:10")
    desk.do(Closed("timer-1", expired=True))
    desk.until("09:11")
    desk.do(Closed("timer-1", expired=False))  # late news of a card that is gone
    desk.until("09:12")
    desk.do(Closed("timer-3", expired=False))
    desk.until("09:30")
    assert desk.rings == COLD[:3]


def test_it_can_be_stopped_before_it_rings() -> None:
    desk = Patient()
    desk.say(verbs.Timer("heat"))
    desk.until("09:05")
    assert desk.say(verbs.TimerStop()) == "The timer is over. At least 2 hours before the next pack."
    assert desk.say(verbs.TimerStop()) == "No timer is running."
    desk.until("10:00")
    assert desk.rings == []
    assert desk.awake[-1] == "09:05:00 may sleep"


def test_starting_it_again_changes_nothing_and_the_other_pack_replaces_it() -> None:
    desk = Patient()
    desk.say(verbs.Timer("cold"))
    desk.until("09:05")
    assert desk.say(verbs.Timer("cold")) == "It is running already: take the pack off at 09:10."
    said = desk.say(verbs.Timer("heat"))
    assert said.startswith("The timer for cold is over. It rings at 09:20, after 15 min")
    desk.until("10:00")
    assert desk.rings == [f"09:{minute}:00" for minute in range(20, 26)]
    assert desk.took()[:3] == story(
        """
        09:00:00 timer_start (cold)
        09:05:00 timer_end (cold: by you)
        09:05:00 timer_start (heat)
        """
    )


@pytest.mark.parametrize("rebooted", [False, True])
def test_a_pack_soon_after_the_last_one_is_started_with_a_word_about_the_skin(rebooted: bool) -> None:
    desk = Patient()
    desk.say(verbs.Timer("cold"))
    desk.pass_time(660.0)
    desk.say(verbs.TimerStop())
    desk.pass_time(20 * 60.0)
    desk.restart(600.0, rebooted=rebooted)
    said = desk.say(verbs.Timer("heat"))
    assert said.startswith(
        "The last pack came off 30 min ago: better leave 2 hours between two. It rings at "
    )
    desk.say(verbs.TimerStop())
    desk.pass_time(7200.0)
    assert desk.say(verbs.Timer("cold")).startswith("It rings at ")


def test_a_pack_that_was_forgotten_came_off_at_its_hard_stop() -> None:
    desk = Patient()
    desk.say(verbs.Timer("cold"))
    desk.pass_time(900.0 + 3600.0 + 1.0)
    assert desk.say(verbs.Timer("cold")).startswith("The last pack came off 1 h ago: better leave 2 hours")


@pytest.mark.parametrize(
    "obstacle",
    [
        verbs.Pause(),
        QuietChanged(QuietReason.DND, "on"),
        QuietChanged(QuietReason.CALL, "microphone in use"),
        AwayBegan(Away.LOCKED),
    ],
)
def test_neither_pause_nor_quiet_nor_absence_keeps_it_from_ringing(obstacle: Any) -> None:
    desk = Patient()
    desk.say(verbs.Timer("cold"))
    desk.do(obstacle)
    desk.until("09:30")
    assert desk.rings == COLD


def test_it_rings_outside_the_hours_and_over_an_open_prompt() -> None:
    desk = Patient(reminder("posture", 60.0, expire_after=1e6), hours=(Opening(0, 9 * 60, 9 * 60 + 8),))
    desk.say(verbs.Timer("cold"))
    desk.until("09:02")
    assert desk.open == ["prompt-1"]
    desk.until("09:30")
    assert desk.rings == COLD


def test_after_sleep_it_rings_once_at_once_and_says_how_late_it_is() -> None:
    desk = Patient()
    desk.say(verbs.Timer("cold"))
    desk.until("09:05")
    desk.do(AwayBegan(Away.ASLEEP))
    desk.jump(7.5 * 60)
    desk.do(Slept(7.5 * 60))
    assert desk.card.title == "12 min: take the cold pack off"
    desk.until("10:00")
    assert desk.rings == ["09:12:30", "09:13:00", "09:14:00", "09:15:00"]


def test_one_that_was_slept_through_rings_for_the_last_time() -> None:
    desk = Patient()
    desk.say(verbs.Timer("heat"))
    desk.until("09:05")
    desk.jump(3600.0)
    desk.do(Slept(3600.0))
    desk.until("10:10")
    assert desk.rings == ["10:05:00"]
    assert (desk.card.title, desk.card.lines[0]) == ("1 h 5 min: take the warm pack off", "Now, in any case.")


def test_without_a_server_it_still_makes_a_sound_and_its_card_comes_with_the_server() -> None:
    desk = Patient()
    desk.do(NotifierChanged(ready=False, keeps=False))
    desk.delivers = False
    desk.say(verbs.Timer("cold"))
    desk.until("09:10")
    desk.do(Undelivered("timer-1", "no notification server"))
    desk.pass_time(30.0)
    shown = len([effect for effect in desk.effects if isinstance(effect, Show)])
    desk.do(NotifierChanged(ready=True, keeps=False))
    assert len([effect for effect in desk.effects if isinstance(effect, Show)]) == shown + 1
    desk.until("09:30")
    assert desk.rings == [COLD[0], *COLD]


@pytest.mark.parametrize("rebooted", [False, True])
def test_it_survives_a_restart(rebooted: bool) -> None:
    desk = Patient()
    desk.say(verbs.Timer("cold"))
    desk.until("09:08")
    desk.restart(150.0, rebooted=rebooted)
    desk.until("10:00")
    assert desk.rings == ["09:10:30", *COLD[1:]]
    assert desk.awake[1:] == ["09:10:30 a timer for cold on the neck is running", "09:15:00 may sleep"]


def test_a_reminder_goes_on_as_if_there_were_no_timer() -> None:
    plain, timed = Desk(), Desk()
    timed.do(verbs.Timer("cold"))
    for desk in (plain, timed):
        desk.pass_time(7200.0)
    assert [line for line in timed.took() if "timer" not in line] == plain.took()


def test_status_tells_of_it() -> None:
    desk = Patient()
    assert view(desk.engine)["timer"] is None
    desk.say(verbs.Timer("cold"))
    desk.until("09:11")
    assert view(desk.engine)["timer"] == {
        "kind": "cold",
        "began": "2026-11-23T09:00:00+01:00",
        "until": "2026-11-23T09:10:00+01:00",
        "hard_stop": "2026-11-23T09:15:00+01:00",
        "ringing": True,
    }
    desk.say(verbs.Done())
    assert view(desk.engine)["timer"] is None


def test_an_answer_to_the_last_ring_is_waited_for_an_hour() -> None:
    desk = Patient(reminder("posture", 7200.0, expire_after=1e6))
    desk.say(verbs.Timer("cold"))
    desk.until("09:30")
    assert view(desk.engine)["timer"]["ringing"]
    desk.until("10:14")
    assert desk.open == ["timer-6"]
    desk.until("11:01")
    assert desk.open == ["prompt-1"]
    assert view(desk.engine)["timer"] is None
    assert desk.say(verbs.Done()).startswith("Done: posture.")


def test_the_last_ring_stands_there_again_after_a_restart_without_ringing() -> None:
    desk = Patient()
    desk.say(verbs.Timer("cold"))
    desk.until("09:16")
    desk.restart(60.0)
    assert [key for key in desk.open if key.startswith("timer-")] != []
    assert desk.rings == COLD
    assert desk.say(verbs.Done()).startswith("The timer is over.")
    assert desk.awake[-1] == "09:15:00 may sleep"


def test_a_machine_that_was_off_for_days_rings_for_nothing() -> None:
    desk = Patient()
    desk.say(verbs.Timer("cold"))
    desk.restart(2 * 86400.0, rebooted=True)
    desk.pass_time(60.0)
    assert (desk.rings, desk.open) == ([], [])
    assert desk.took()[-1].endswith("timer_end (cold: hard stop)")
    assert desk.awake[-1].endswith("may sleep")


def test_a_card_that_the_server_refuses_rings_aloud() -> None:
    desk = Patient()
    desk.delivers = False
    desk.say(verbs.Timer("cold"))
    desk.until("09:10")
    desk.do(Undelivered("timer-1", "it broke"))
    assert [effect for effect in desk.effects if isinstance(effect, Ring)] == [Ring(), Ring(alone=True)]
