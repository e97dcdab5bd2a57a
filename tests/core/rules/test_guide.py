"""Guides through stretches: what stands on the screen, step by step, and what ends one."""

from dataclasses import replace
from typing import Any

import pytest
from support.virtual import GUIDED, TILT, TUCK, plan, reminder, story
from support.watched import Watched

from neckguard.core import verbs
from neckguard.core.events import (
    Answered,
    AwayBegan,
    AwayEnded,
    Closed,
    Event,
    Input,
    NotifierChanged,
    QuietChanged,
    ScreenReader,
    Slept,
    Undelivered,
)
from neckguard.core.model import Away, QuietReason
from neckguard.core.neck.health import Ease
from neckguard.core.plan import Plan
from neckguard.core.reminders.cards import STOP_NOTE
from neckguard.core.told.view import view

STRETCH = reminder("stretch", 2400.0)
SMOOTH = NotifierChanged(ready=True, keeps=False, smooth=True)


def shown(settings: Plan | None = None, *stretches: Any, **desk_settings: Any) -> Watched:
    """A desk with a stretch on the screen since 9:40."""
    content = replace(GUIDED, stretches=stretches or (TUCK,))
    desk = Watched(settings or plan(STRETCH), content=content, **desk_settings)
    desk.until("09:40")
    assert desk.open == ["prompt-1"]
    desk.took()
    return desk


def guided(settings: Plan | None = None, *stretches: Any) -> Watched:
    """The same, five seconds after Start."""
    desk = shown(settings, *stretches)
    desk.do(Answered("prompt-1", "start"))
    desk.pass_time(5.0).took()
    assert desk.engine.world.courses.guide is not None
    return desk


# ---- from beginning to end --------------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["start", "default"])
def test_start_guides_by_repetitions_and_ends_with_done(action: str) -> None:
    desk = shown()
    desk.do(Answered("prompt-1", action))
    assert desk.pass_time(60.0).took() == story("""
        09:40:00 [Chin tuck] Sit tall. / Get ready: 5 s / Don't nod.
        09:40:05 [Chin tuck] Glide back. Hold. Come forward. / 1 of 2: 8 s
        09:40:13 [Chin tuck] Glide back. Hold. Come forward. / 2 of 2: 8 s
        09:40:21 stretch done
        09:40:21 [Done] That was: Chin tuck.
        09:40:31 hide prompt-1
    """)
    assert desk.due_in("stretch") == 2400.0 - 39.0


def test_a_server_that_updates_quietly_is_told_every_second_and_how_far_it_is() -> None:
    short = replace(TUCK, reps=1, hold=2.0, pace=(1.0, 1.5))
    desk = shown(None, short)
    desk.do(SMOOTH)
    desk.do(Answered("prompt-1", "start"))
    assert desk.pass_time(20.0).took() == story("""
        09:40:00 0% [Chin tuck] Sit tall. / Get ready: 5 s / Don't nod.
        09:40:01 10% [Chin tuck] Sit tall. / Get ready: 4 s / Don't nod.
        09:40:02 21% [Chin tuck] Sit tall. / Get ready: 3 s / Don't nod.
        09:40:03 31% [Chin tuck] Sit tall. / Get ready: 2 s / Don't nod.
        09:40:04 42% [Chin tuck] Sit tall. / Get ready: 1 s / Don't nod.
        09:40:05 52% [Chin tuck] Glide back. Hold. / 3 s
        09:40:06 63% [Chin tuck] Glide back. Hold. / 2 s
        09:40:07 73% [Chin tuck] Glide back. Hold. / 1 s
        09:40:08 84% [Chin tuck] Come forward. / 2 s
        09:40:08 89% [Chin tuck] Come forward. / 1 s
        09:40:09 stretch done
        09:40:09 [Done] That was: Chin tuck.
        09:40:19 hide prompt-1
    """)


def test_both_sides_one_after_the_other() -> None:
    desk = shown(None, TILT)
    desk.do(Answered("prompt-1", "start"))
    assert desk.pass_time(40.0).took() == story("""
        09:40:00 [Side tilt] Sit tall. / Get ready: 5 s
        09:40:05 [Side tilt] Sink to the left. Hold. Come back. / Left side: 8 s
        09:40:13 [Side tilt] Sit tall. / Now the right side: 5 s
        09:40:18 [Side tilt] Sink to the right. Hold. Come back. / Right side: 8 s
        09:40:26 stretch done
        09:40:26 [Done] That was: Side tilt.
        09:40:36 hide prompt-1
    """)


def test_only_the_side_whose_turn_it_is_where_both_are_too_long() -> None:
    desk = shown(None, replace(TILT, reps=3, hold=7.0))
    desk.do(Answered("prompt-1", "start"))
    assert desk.pass_time(40.0).took() == story("""
        09:40:00 [Side tilt] Sit tall. / Get ready: 5 s
        09:40:05 [Side tilt] Sink to the left. Hold. Come back. / Left side, 1 of 3: 10 s
        09:40:15 [Side tilt] Sink to the left. Hold. Come back. / Left side, 2 of 3: 10 s
        09:40:25 [Side tilt] Sink to the left. Hold. Come back. / Left side, 3 of 3: 10 s
        09:40:35 stretch done
        09:40:35 [Done] That was: Side tilt.
    """)


def test_every_card_of_a_guide_stands_silently_in_the_place_of_the_prompt() -> None:
    desk = shown()
    cards = [desk.screen["prompt-1"]]
    desk.watch = cards.append
    desk.do(Answered("prompt-1", "start"))
    prompt, *steps, last = (desk.pass_time(60.0), cards)[1]
    assert (prompt.resident, prompt.kind) == (True, "stretch")
    assert {(card.key, card.kind, card.lasting, card.silent) for card in (*steps, last)} == {
        ("prompt-1", "guide", True, True)
    }
    (looks,) = {(card.resident, card.buttons, card.verbs) for card in steps}
    assert looks[0]
    assert [(button.key, button.label) for button in looks[1]] == [
        ("done", "Done"), ("skip", "Stop"), ("hurt", "It hurts")
    ]  # fmt: skip
    assert looks[2] == "Answer: neckguard done, skip or hurt"
    assert [(button.key, button.label) for button in last.buttons] == [("hurt", "It hurt")]
    assert last.verbs == "If it hurt: neckguard hurt"


def test_with_a_screen_reader_it_speaks_by_repetitions_and_done_stays_until_it_is_closed() -> None:
    desk = shown()
    desk.do(SMOOTH)
    desk.do(Answered("prompt-1", "start"))
    desk.pass_time(2.0).took()
    desk.do(ScreenReader(on=True))
    assert desk.pass_time(600.0).took() == story("""
        09:40:03 [Chin tuck] Sit tall. / Get ready: 2 s / Don't nod.
        09:40:05 [Chin tuck] Glide back. Hold. Come forward. / 1 of 2: 8 s
        09:40:13 [Chin tuck] Glide back. Hold. Come forward. / 2 of 2: 8 s
        09:40:21 stretch done
        09:40:21 [Done] That was: Chin tuck.
    """)
    desk.do(Closed("prompt-1", expired=False))
    assert desk.open == []


def test_what_a_flare_up_asks_for_is_said_before_it_begins() -> None:
    desk = shown(None, replace(TUCK, eased="Only lightly."))
    course = desk.engine.world.courses["stretch"]
    assert course.prompt is not None
    assert course.prompt.portion is not None
    course.prompt.portion = replace(course.prompt.portion, eased=Ease.EASY)
    desk.do(Answered("prompt-1", "start"))
    assert desk.took() == ["09:40:00 [Chin tuck] Sit tall. / Get ready: 6 s / Don't nod. / Only lightly."]


# ---- answers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [Answered("prompt-1", "done"), Answered("prompt-1", "default"), verbs.Done()]
)
def test_done_ends_it_at_once(answer: Event | verbs.Verb) -> None:
    desk = guided()
    desk.do(answer)
    assert desk.pass_time(60.0).took() == ["09:40:05 stretch done", "09:40:05 hide prompt-1"]


@pytest.mark.parametrize("answer", [Answered("prompt-1", "skip"), verbs.Skip()])
def test_stop_skips_it(answer: Event | verbs.Verb) -> None:
    desk = guided()
    desk.do(answer)
    assert desk.pass_time(60.0).took() == ["09:40:05 stretch skipped", "09:40:05 hide prompt-1"]
    assert desk.engine.world.programme.rotation.skipped


@pytest.mark.parametrize("answer", [Answered("prompt-1", "hurt"), verbs.Hurt()])
def test_what_hurts_ends_and_is_put_away(answer: Event | verbs.Verb) -> None:
    desk = guided()
    desk.do(answer)
    assert desk.pass_time(60.0).took() == story("""
        09:40:05 hurt (tuck)
        09:40:05 stretch skipped
        09:40:05 hide prompt-1
    """)
    assert "tuck" in desk.engine.world.programme.rotation.hurt_until
    assert STOP_NOTE in desk.open


@pytest.mark.parametrize("answer", [Answered("prompt-1", "hurt"), verbs.Hurt()])
def test_it_can_still_have_hurt_afterwards(answer: Event | verbs.Verb) -> None:
    desk = guided().pass_time(18.0)
    desk.took()
    desk.do(answer)
    assert desk.took() == ["09:40:23 hide prompt-1", "09:40:23 hurt (tuck)"]
    assert "tuck" in desk.engine.world.programme.rotation.hurt_until
    assert desk.open == [STOP_NOTE]


@pytest.mark.parametrize(
    "event",
    [Answered("prompt-1", "default"), Closed("prompt-1", expired=False), Undelivered("prompt-1", "no")],
)
def test_done_goes_with_any_answer_and_nothing_else_happens(event: Event) -> None:
    desk = guided().pass_time(18.0)
    desk.took()
    desk.do(event)
    desk.do(event)
    assert (desk.pass_time(60.0).took(), desk.open) == (["09:40:23 hide prompt-1"], [])


def test_snoozed_in_the_midst_of_it_comes_back_as_it_was() -> None:
    desk = guided()
    desk.do(verbs.Snooze())
    assert desk.took() == ["09:40:05 stretch snoozed", "09:40:05 hide prompt-1"]
    assert desk.due_in("stretch") == 300.0


def test_dismissed_is_dismissed() -> None:
    desk = guided()
    desk.do(Closed("prompt-1", expired=False))
    assert desk.pass_time(60.0).took() == ["09:40:05 stretch dismissed", "09:40:05 hide prompt-1"]


def test_a_server_that_takes_the_card_away_by_time_gets_the_next_step() -> None:
    desk = guided()
    desk.do(Closed("prompt-1", expired=True))
    assert desk.pass_time(10.0).took() == [
        "09:40:13 [Chin tuck] Glide back. Hold. Come forward. / 2 of 2: 8 s"
    ]


def test_a_card_that_the_server_refuses_ends_it_and_the_prompt_comes_back() -> None:
    desk = guided()
    desk.do(Undelivered("prompt-1", "full"))
    assert desk.pass_time(10.0).took() == story("""
        09:40:05 stretch undelivered (full)
        09:40:10 stretch shown
    """)


def test_nobody_waits_for_an_answer_while_it_goes_on() -> None:
    desk = shown(plan(replace(STRETCH, expire_after=9.0)))
    desk.pass_time(8.0)
    desk.do(Answered("prompt-1", "start"))
    assert desk.engine.deadline() == desk.boot + 2.0  # a look whether a call began; not its time
    desk.pass_time(21.0)
    assert "09:40:29 stretch done" in desk.took()


def test_the_time_that_it_took_is_not_counted_against_the_prompt_that_comes_back() -> None:
    desk = shown()
    desk.do(Answered("prompt-1", "start"))
    desk.pass_time(18.0).do(verbs.Pause(60.0))
    desk.pass_time(80.0 + 44.0)
    assert desk.open == ["prompt-1"]
    assert desk.pass_time(1.0).took()[-2].endswith("stretch ignored")


def test_start_says_what_to_follow_and_then_that_it_is_going() -> None:
    desk = shown()
    replies = [desk.do(verbs.Start()), desk.do(verbs.Start())]
    assert [reply.message for reply in replies if reply and reply.ok] == [
        "Chin tuck: follow the notification, 16 s.",
        "Chin tuck: already going.",
    ]
    assert desk.took() == ["09:40:00 [Chin tuck] Sit tall. / Get ready: 5 s / Don't nod."]


@pytest.mark.parametrize(
    "settings", [plan(replace(STRETCH, message="Roll.")), plan(reminder("eyes", 2400.0, kind="stretch"))]
)
def test_what_is_not_from_the_catalogue_has_no_guide(settings: Plan) -> None:
    desk = shown(settings)
    name = settings.reminders[0].name
    desk.do(Answered("prompt-1", "start"))
    assert desk.took() == [f"09:40:00 {name} done", "09:40:00 hide prompt-1"]


def test_what_another_version_suggested_in_other_steps_has_no_guide() -> None:
    desk = shown()
    desk.content = replace(GUIDED, stretches=(replace(TUCK, steps=("Glide.",), pace=(3.0,)),))
    desk.restart()
    desk.pass_time(30.0).took()
    desk.do(Answered("prompt-1", "start"))
    assert desk.took() == ["09:40:30 stretch done", "09:40:30 hide prompt-1"]


def test_what_is_in_the_catalogue_no_more_gives_way_to_something_that_is() -> None:
    desk = shown()
    desk.content = replace(GUIDED, stretches=(TILT,))
    desk.restart()
    desk.pass_time(30.0).took()
    desk.do(Answered("prompt-1", "start"))
    assert desk.took() == ["09:40:30 [Side tilt] Sit tall. / Get ready: 5 s"]


def test_starting_a_stretch_that_is_not_on_the_screen_shows_and_guides_it() -> None:
    desk = Watched(plan(STRETCH), content=GUIDED)
    desk.until("09:10").took()
    reply = desk.do(verbs.Start())
    assert reply is not None
    assert reply.message == "Chin tuck: follow the notification, 16 s."
    assert desk.open == ["prompt-1"]
    desk.do(NotifierChanged(ready=False, keeps=False))
    desk.took()
    desk.do(verbs.Start())
    assert desk.took() == ["09:10:00 stretch done"]


def test_the_end_of_a_break_is_said_again_where_a_server_begins_anew() -> None:
    desk = Watched(plan(reminder("break", 3600.0)), content=GUIDED)
    desk.until("10:00")
    desk.do(Answered("prompt-1", "start"))
    desk.pass_time(60.0)
    desk.do(NotifierChanged(ready=False, keeps=False))
    assert desk.open == []
    desk.took()
    desk.do(NotifierChanged(ready=True, keeps=False))
    assert desk.took() == ["10:01:00 [Time away from the desk: 5 min] Back at 10:05"]


def test_a_screen_reader_that_goes_off_expires_nothing_at_once() -> None:
    desk = shown()
    desk.do(ScreenReader(on=True))
    desk.pass_time(3600.0)
    desk.do(ScreenReader(on=False))
    desk.pass_time(30.0)
    assert desk.open == ["prompt-1"]


def test_status_says_that_it_guides() -> None:
    desk = guided()
    prompt = view(desk.engine)["prompt"]
    assert (prompt["title"], prompt["guiding"]) == ("Ease your neck: chin tuck", True)


# ---- what ends it -----------------------------------------------------------------------------------------


def test_pause_ends_it_and_the_prompt_comes_back_after_it() -> None:
    desk = guided()
    desk.do(verbs.Pause(600.0))
    assert desk.pass_time(630.0).took() == story("""
        09:40:05 hide prompt-1
        09:40:05 stretch hidden (paused)
        09:40:05 paused
        09:50:05 resumed (it was over)
        09:50:25 stretch shown
    """)
    assert desk.screen["prompt-1"].title == "Ease your neck: chin tuck"


def test_locking_ends_it_and_the_prompt_comes_back_with_the_person() -> None:
    desk = guided()
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(60.0).do(AwayEnded(Away.LOCKED))
    assert desk.pass_time(30.0).took() == story("""
        09:40:05 away (locked)
        09:40:05 hide prompt-1
        09:40:05 stretch hidden (away)
        09:41:05 back (after 1 min)
        09:41:25 stretch shown
    """)


def test_a_lock_that_is_long_enough_settles_it() -> None:
    desk = guided()
    desk.do(AwayBegan(Away.LOCKED))
    desk.pass_time(400.0).do(AwayEnded(Away.LOCKED))
    assert desk.took()[-1] == "09:46:45 stretch done (away long enough)"


def test_a_machine_that_slept_unannounced_ends_it() -> None:
    desk = guided()
    desk.jump(60.0)
    desk.do(Slept(60.0))
    assert desk.pass_time(30.0).took() == story("""
        09:40:05 away (asleep)
        09:41:05 hide prompt-1
        09:40:05 stretch hidden (away)
        09:41:05 back (after 1 min)
        09:41:25 stretch shown
    """)


def test_a_quiet_reason_ends_it() -> None:
    desk = guided()
    desk.do(QuietChanged(QuietReason.DND, "do not disturb"))
    assert (desk.took()[-1], desk.engine.world.courses.guide) == ("09:40:05 stretch hidden (dnd)", None)


def test_a_server_that_goes_ends_it_and_the_next_one_gets_the_prompt() -> None:
    desk = guided()
    desk.do(NotifierChanged(ready=False, keeps=False))
    desk.pass_time(60.0).do(NotifierChanged(ready=True, keeps=False))
    assert desk.took()[-1] == "09:41:05 stretch shown"
    assert desk.engine.world.courses.guide is None


def test_another_prompt_that_was_asked_for_ends_it() -> None:
    desk = guided(plan(STRETCH, reminder("tea", 7200.0)))
    desk.do(verbs.Now("tea"))
    assert desk.took() == story("""
        09:40:05 stretch withdrawn (tea was asked for)
        09:40:05 hide prompt-1
        09:40:05 tea shown
    """)
    assert (desk.engine.world.courses.guide, desk.engine.world.courses["stretch"].owed) == (None, True)


def test_after_a_restart_the_prompt_is_as_it_was() -> None:
    desk = guided()
    desk.restart(2.0)
    desk.pass_time(30.0)
    assert desk.took()[-1] == "09:40:27 stretch shown"
    assert desk.screen["prompt-1"].title == "Ease your neck: chin tuck"
    desk.do(Answered("prompt-1", "start"))
    assert desk.took() == ["09:40:37 [Chin tuck] Sit tall. / Get ready: 5 s / Don't nod."]


def test_done_is_taken_away_for_what_comes_next() -> None:
    events: tuple[Event | verbs.Verb, ...] = (
        verbs.Pause(600.0),
        verbs.Now("tea"),
        AwayBegan(Away.LOCKED),
        QuietChanged(QuietReason.DND, "do not disturb"),
        NotifierChanged(ready=False, keeps=False),
    )
    for event in events:
        desk = guided(plan(STRETCH, reminder("tea", 7200.0))).pass_time(18.0)
        assert desk.open == ["prompt-1"]
        desk.do(event)
        assert "prompt-1" not in desk.open, event


# ---- with others ------------------------------------------------------------------------------------------


def test_what_falls_due_meanwhile_waits_until_it_has_ended() -> None:
    desk = shown(plan(STRETCH, reminder("tea", 2410.0)))
    desk.do(Answered("prompt-1", "start"))
    assert [line for line in desk.pass_time(60.0).took() if "[" not in line] == story("""
        09:40:10 tea due
        09:40:21 stretch done
        09:40:31 hide prompt-1
        09:40:41 tea shown
    """)


def test_a_guide_that_was_asked_for_goes_on_whatever_is_quiet_up_to_its_last_card() -> None:
    desk = Watched(plan(STRETCH), content=replace(GUIDED, stretches=(TUCK,)))
    desk.do(QuietChanged(QuietReason.DND, "do not disturb"))
    desk.do(verbs.Now("stretch"))
    desk.do(verbs.Start())
    desk.pass_time(25.0)
    assert desk.screen["prompt-1"].title == "Done"
    assert desk.pass_time(10.0).open == []


def test_what_it_covers_is_settled_with_its_end() -> None:
    desk = shown(plan(STRETCH, reminder("posture", 2405.0)))
    desk.do(Answered("prompt-1", "start"))
    assert [line for line in desk.pass_time(60.0).took() if "[" not in line] == story("""
        09:40:05 posture due
        09:40:21 stretch done
        09:40:21 posture covered (by stretch)
        09:40:31 hide prompt-1
    """)


# ---- hands off --------------------------------------------------------------------------------------------


def restless(**changes: Any) -> Watched:
    """A guide of 45 seconds, followed hands off, where 20 seconds without input are an absence."""
    settings = plan(replace(STRETCH, **changes))
    settings = replace(settings, presence=replace(settings.presence, idle_after=20.0))
    desk = Watched(settings, content=replace(GUIDED, stretches=(replace(TUCK, reps=1, hold=37.0),)))
    desk.sit_down()
    desk.until("09:40").pass_time(10.0)
    desk.do(Answered("prompt-1", "start"))
    desk.leave().took()
    return desk


def test_hands_off_is_not_away_while_it_goes_on() -> None:
    desk = restless().pass_time(45.0)
    assert "09:40:55 stretch done" in desk.took()
    assert desk.engine.state == "running"


def test_who_does_not_touch_anything_after_it_left_when_it_ended() -> None:
    desk = restless().pass_time(70.0)
    assert desk.took()[-1] == "09:41:15 away (no input since 09:40)"
    away_since = desk.engine.world.presence.away_since
    assert away_since is not None
    assert round(desk.boot - away_since, 3) == 25.0
    assert desk.due_in("stretch") == 2400.0
    desk.touch().pass_time(1.5).touch()
    assert desk.took()[-1] == "09:41:21 back (after 25 s)"


def test_an_input_after_it_is_no_return() -> None:
    desk = restless().pass_time(50.0)
    desk.do(Input(desk.boot))
    assert desk.pass_time(5.0).engine.state == "running"
    assert not [line for line in desk.took() if "away (" in line or " back (" in line]


def test_locking_while_hands_are_off_is_away_from_then_on() -> None:
    desk = restless().pass_time(30.0)
    desk.do(AwayBegan(Away.LOCKED))
    assert (desk.engine.state, desk.engine.world.presence.away_since) == ("away", desk.boot)
