"""What prompts suggest, with the catalogue that ships with neckguard, and what becomes of it."""

import re
from dataclasses import replace

import pytest
from support.virtual import Desk, plan, reminder

from neckguard.content import loader
from neckguard.core import verbs
from neckguard.core.events import Answered, AnswersChanged, Closed, Event, PlanChanged
from neckguard.core.model import Card, Record, Reply
from neckguard.core.neck.catalogue import Intensity, Need
from neckguard.core.plan import Answers, Reminder, StretchSettings
from neckguard.core.reminders.cards import ALREADY, STOP_NOTE

CONTENT = loader.load_content()
BY_ID = {stretch.id: stretch for stretch in CONTENT.stretches}
STRETCH = reminder("stretch", 2400.0)


def desk_with(*reminders: Reminder, action: str = "") -> Desk:
    """A desk with the real catalogue, where every prompt gets this answer."""
    desk = Desk(plan(*reminders), content=CONTENT)
    desk.person = lambda card: (5.0, Answered(card.key, action)) if action else None
    return desk


def shown(desk: Desk, hours: float) -> list[Card]:
    """The cards of so many hours, each once."""
    cards: dict[str, Card] = {}
    desk.watch = lambda card: cards.setdefault(card.key, card)
    desk.pass_time(hours * 3600.0)
    return list(cards.values())


def suggested(desk: Desk, hours: float) -> list[str]:
    """The ids of the stretches that were suggested in so many hours."""
    before = desk.engine.world.programme.rotation
    shown(desk, hours)
    after = desk.engine.world.programme.rotation
    turns = {turn: name for name, turn in after.shown.items() if turn > before.turn}
    return [turns[turn] for turn in sorted(turns)]


def test_a_stretch_prompt_says_what_to_do_and_how_long() -> None:
    (first, *_) = shown(desk_with(STRETCH, action="done"), 1.0)
    assert first.title == "Ease your neck: chin tuck"
    assert first.lines == (
        "Glide your head straight back, as if making a double chin.",
        "Hold 5 s, 5 times (40 s); don't nod.",
    )


@pytest.mark.parametrize(
    ("kind", "own", "title"), [("stretch", "Move!", "Move!"), ("break", "", "Time away from the desk: 30 s")]
)
def test_a_title_of_ones_own_and_that_of_a_break_name_no_movement(kind: str, own: str, title: str) -> None:
    desk = desk_with(reminder(kind, 2400.0, title=own, duration=30.0))
    desk.do(verbs.Now(kind))
    assert desk.screen["prompt-1"].title == title


def test_stretches_take_turns_and_only_gentle_ones_come_before_the_questions() -> None:
    names = suggested(desk_with(STRETCH, action="done"), 12.0)
    assert len(names) == len(set(names)) >= 9
    assert all(BY_ID[name].intensity is Intensity.GENTLE for name in names)


def test_after_the_questions_the_others_come_too() -> None:
    desk = desk_with(STRETCH, action="done")
    desk.do(AnswersChanged(Answers((), stable_chair=True)))
    assert Intensity.MODERATE in {BY_ID[name].intensity for name in suggested(desk, 24.0)}


def test_what_the_settings_avoid_never_comes() -> None:
    desk = desk_with(STRETCH, action="done")
    avoid = StretchSettings(("shoulders", "nod"), standing=True, gentle_only=False)
    desk.do(PlanChanged(replace(desk.engine.world.plan, stretches=avoid)))
    for name in suggested(desk, 24.0):
        assert name != "nod"
        assert "shoulders" not in BY_ID[name].areas


def returns_after(event: Event) -> int:
    """How many others are done before the one comes again to whose first prompt this happened."""
    desk = desk_with(STRETCH)
    desk.pass_time(2400.0)
    first = desk.engine.world.programme.latest
    desk.do(event)
    desk.person = lambda card: (5.0, Answered(card.key, "done"))
    desk.pass_time(40 * 3600.0)
    done = [each.item for each in desk.effects if isinstance(each, Record) and each.what == "done"]
    return done.index(first)


def test_a_stretch_that_was_skipped_or_closed_comes_again_later_than_its_turn() -> None:
    in_turn = returns_after(Closed("prompt-1", expired=True))
    skipped, closed = (
        returns_after(Answered("prompt-1", "skip")),
        returns_after(Closed("prompt-1", expired=False)),
    )
    assert in_turn < skipped == closed


def test_a_break_brings_its_movement_first_and_then_one_other_thought() -> None:
    desk = desk_with(reminder("posture", 3600.0), reminder("break", 3600.0), action="done")
    (card,) = shown(desk, 1.1)
    movement = (
        "Glide your head straight back, as if making a double chin.",
        "Hold 5 s, 5 times (40 s); don't nod.",
    )
    assert (card.kind, card.lines) == (
        "break",
        (*movement, "Try a different position, whichever feels good."),
    )
    (alone,) = shown(desk_with(reminder("break", 3600.0)), 1.0)
    assert alone.lines == (*movement, "Stand up, walk a few steps, look at something far away.")


def test_without_a_movement_a_break_keeps_its_own_line_and_the_posture_check() -> None:
    desk = desk_with(reminder("posture", 3600.0), reminder("break", 3600.0))
    everything = StretchSettings(tuple(BY_ID), standing=False, gentle_only=False)
    desk.do(PlanChanged(replace(desk.engine.world.plan, stretches=everything)))
    (card,) = shown(desk, 1.0)
    assert card.lines == (
        "Turn away, move what moves easily, look far away.",
        "Try a different position, whichever feels good.",
    )


def test_a_prompt_that_is_open_is_made_easier_when_a_flare_up_begins() -> None:
    desk = desk_with(reminder("break", 2400.0, expire_after=1e9))
    avoid = tuple(each for each in BY_ID if each != "nod")
    desk.do(PlanChanged(replace(desk.engine.world.plan, stretches=StretchSettings(avoid, True, False))))
    desk.pass_time(2400.0)
    (before,) = desk.screen.values()
    desk.do(verbs.FlareStart())
    (after,) = desk.screen.values()
    assert (before.lines[1], after.lines[1]) == (
        "Hold 5 s, 5 times (40 s); no hands.",
        "A tiny way, no hold, 5 times (15 s); no hands.",
    )


def test_a_fact_of_the_workstation_has_a_title_that_fits() -> None:
    desk = desk_with(reminder("posture", 1200.0), action="done")
    assert [card.title for card in shown(desk, 1.1)] == ["Your desk", "Shift a little", "Shift a little"]


def test_the_persons_own_words_are_all_there_is() -> None:
    desk = desk_with(reminder("stretch", 2400.0, message="Wiggle."), action="done")
    (card, *_) = shown(desk, 1.0)
    assert (card.lines, desk.engine.world.programme.rotation.turn) == (("Wiggle.",), 0)


def test_about_once_a_week_a_posture_check_asks_for_a_fact_that_can_be_so_already() -> None:
    desk = desk_with(reminder("posture", 1200.0), action="done")
    facts = [card for card in shown(desk, 8 * 24.0) if ALREADY in card.buttons]
    assert len(facts) == 2
    assert facts[0].verbs == "Answer: neckguard done or skip; if it is so already: neckguard done --already"


def test_already_so_retires_the_fact() -> None:
    desk = desk_with(reminder("posture", 1200.0))
    desk.pass_time(1200.0)
    fact = desk.engine.world.courses["posture"].prompt
    assert fact is not None
    assert ALREADY in fact.card.buttons
    reply = desk.do(verbs.Done(already=True))
    assert reply is not None
    assert (reply.ok, desk.engine.world.programme.postures.retired) == (True, (fact.posture,))
    assert desk.took()[-1] == "09:20:00 posture done"


def test_already_so_is_refused_where_nothing_asks_for_it() -> None:
    reply = desk_with(STRETCH).pass_time(2400.0).do(verbs.Done(already=True))
    assert reply is not None
    assert not reply.ok


def test_what_hurt_is_put_away_for_two_weeks_and_the_stop_rules_are_shown() -> None:
    desk = desk_with(STRETCH).pass_time(2400.0)
    hurt = desk.engine.world.programme.latest
    reply = desk.do(verbs.Hurt())
    assert reply is not None
    first, *rules = reply.message.split("\n")
    assert first == f"{BY_ID[hurt].name} is put away for two weeks."
    assert rules == list(desk.engine.world.content.stop_rules)  # what ends with a verb runs into no other
    assert desk.open == [STOP_NOTE]
    assert [line.split(" ", 1)[1] for line in desk.took()[-2:]] == [f"hurt ({hurt})", "stretch skipped"]
    desk.person = lambda card: (5.0, Answered(card.key, "done"))
    assert hurt not in suggested(desk, 13 * 24.0)


def test_hurt_by_name_and_by_a_name_that_is_none() -> None:
    desk = desk_with(STRETCH)
    refused, none = desk.do(verbs.Hurt("moonwalk")), desk.do(verbs.Hurt())
    accepted = desk.do(verbs.Hurt("nod"))
    assert refused is not None
    assert none is not None
    assert accepted is not None
    assert (refused.ok, none.ok, accepted.ok) == (False, False, True)
    assert refused.message == "There is no stretch 'moonwalk'. All of them: neckguard stretch --list"


@pytest.mark.parametrize(
    ("slip", "meant"), [("nope", "nod"), ("twist", "seated-twist"), ("chintuck", "chin-tuck")]
)
@pytest.mark.parametrize("verb", [verbs.Hurt, verbs.Stretched])
def test_a_slip_in_the_name_of_a_stretch_brings_the_nearest(
    verb: type[verbs.Hurt | verbs.Stretched], slip: str, meant: str
) -> None:
    reply = desk_with(STRETCH).do(verb(slip))
    hint = f"did you mean {meant}? All of them: neckguard stretch --list"
    assert reply == Reply(ok=False, message=f"There is no stretch {slip!r}; {hint}")


def test_a_stretch_in_the_terminal_counts_as_the_one_that_was_due() -> None:
    desk = desk_with(STRETCH).pass_time(2400.0)
    reply = desk.do(verbs.Stretched("nod"))
    assert reply is not None
    assert reply.message == "Counted as done. Next: stretch in 40 min."
    assert desk.took()[-1] == "09:40:00 stretch done (in the terminal)"
    assert (desk.open, desk.engine.world.programme.latest) == ([], "nod")


def test_what_was_suggested_is_remembered_over_a_restart() -> None:
    desk = desk_with(reminder("posture", 1200.0), STRETCH, action="done").pass_time(4 * 3600.0)
    before = (desk.engine.world.programme.rotation, desk.engine.world.programme.postures)
    desk.restart(1.0)
    assert (desk.engine.world.programme.rotation, desk.engine.world.programme.postures) == before


def test_every_suggestion_fits_a_notification() -> None:
    desk = desk_with(reminder("posture", 1200.0), STRETCH, reminder("break", 3600.0), action="done")
    desk.do(AnswersChanged(Answers((), stable_chair=True)))
    lines = [line for card in shown(desk, 7 * 24.0) for line in card.lines]
    assert max(map(len, lines)) <= 60
    assert not any("{" in line for line in lines)


def test_when_nothing_may_come_no_prompt_says_otherwise() -> None:
    everything = tuple(BY_ID)
    desk = desk_with(STRETCH, reminder("strength", 3000.0, kind="stretch"), action="done")
    desk.do(AnswersChanged(Answers(("osteoporosis",))))
    avoid = StretchSettings(everything, standing=True, gentle_only=False)
    desk.do(PlanChanged(replace(desk.engine.world.plan, stretches=avoid)))
    said = {line for card in shown(desk, 12.0) for line in card.lines}
    assert said == {
        "No stretch is for now: move a little, as feels good.",
        "Ask a clinician which strengthening suits you.",
    }


def test_own_reminders_to_stretch_take_their_movements_from_the_catalogue_unless_they_say_something() -> None:
    desk = desk_with(reminder("mine", 1200.0, kind="stretch"), action="done")
    silent = {line for card in shown(desk, 2.0) for line in card.lines}
    assert any("(" in line and " s)" in line for line in silent)
    desk = desk_with(reminder("mine", 1200.0, kind="stretch", message="Roll."), action="done")
    assert {line for card in shown(desk, 2.0) for line in card.lines} == {"Roll."}


def test_strength_done_in_the_terminal_settles_its_own_reminder_and_keeps_what_was_noted() -> None:
    desk = desk_with(STRETCH, reminder("strength", 3600.0, kind="stretch"))
    desk.pass_time(600.0)
    desk.took()
    desk.do(verbs.Stretched("band-raise", band="green", repetitions=18))
    assert desk.took() == ["09:10:00 strength done (in the terminal)", "09:10:00 strength (green)"]
    assert (desk.due_in("stretch"), desk.due_in("strength")) == (1800.0, 3600.0)
    (noted,) = [each for each in desk.effects if isinstance(each, Record) and each.what == "strength"]
    assert (noted.reason, noted.score) == ("green", 18)
    desk.do(verbs.Stretched("band-raise"))
    assert desk.took() == ["09:10:00 strength done (in the terminal)"]


def test_strength_is_guided_until_one_tires_and_then_suggests_a_stronger_band() -> None:
    desk = desk_with(reminder("strength", 3600.0, kind="stretch"))
    desk.do(AnswersChanged(Answers(needs=())))
    desk.pass_time(3600.0)
    (key,) = desk.open
    assert desk.screen[key].lines == (
        "Band under your feet or seat, raise your arms sideways.",
        "Until your arms tire, at most 2 min; start light.",
    )
    desk.do(Answered(key, "start"))
    desk.pass_time(60.0)
    assert desk.screen[key].lines[1].startswith("Number ")
    desk.pass_time(80.0)
    assert desk.screen[key].lines == (
        "That was: Band raise.",
        "If all of it was easy, take a stronger band next time.",
    )
    assert [line for line in desk.trace if "strength done" in line]


def days_of(answers: Answers, *, flare: bool = False) -> list[Card]:
    """Every card of three days in which all reminders are on, and every guide is followed to its end."""
    names = ("posture", "stretch", "break", "strength", "eyes", "water", "checkin", "winddown", "dayend")
    kinds = {"strength": "stretch", "eyes": "stretch"}
    own = [reminder(name, 1500.0, **({"kind": kinds[name]} if name in kinds else {})) for name in names[3:]]
    desk = Desk(plan(reminder("posture", 1200.0), STRETCH, reminder("break", 3600.0), *own), content=CONTENT)
    desk.person = lambda card: (2.0, Answered(card.key, "default")) if card.kind != "guide" else None
    desk.do(AnswersChanged(answers))
    if flare:
        desk.do(verbs.FlareStart())
    cards: list[Card] = []
    desk.watch = cards.append
    desk.pass_time(72 * 3600.0)
    return cards


EVERYBODY = [Answers((), (), stable_chair=True), *(Answers((), (need,)) for need in Need)]


@pytest.mark.parametrize("flare", [False, True])
@pytest.mark.parametrize("answers", EVERYBODY, ids=lambda answers: "+".join(answers.needs) or "none")
def test_every_prompt_of_a_person_has_three_lines_of_sixty_and_fits_their_needs(
    answers: Answers, flare: bool
) -> None:
    cards = days_of(answers, flare=flare)
    prompts = [card for card in cards if card.kind not in ("guide", "notice")]
    assert {card.kind for card in prompts} >= {"break", "note"}
    assert [card.lines for card in prompts if len(card.lines) > 3] == []
    assert [line for card in prompts for line in card.lines if len(line) > 60] == []
    if {"seated", "wheelchair"} & set(answers.needs or ()):
        said = [line for card in cards for line in (card.title, *card.lines)]
        assert [
            line for line in said if re.search(r"\bstand|\bwalk|leave the chair", line, re.IGNORECASE)
        ] == []
