"""What stands on a prompt."""

import pytest
from support.virtual import TOPICS, reminder

from neckguard.core.model import Button, Card
from neckguard.core.plan import Reminder
from neckguard.core.reminders.cards import FACT, Topic, make_card, text_of

LATER_5, LATER_10 = Button("snooze", "In 5 min"), Button("snooze", "In 10 min")
DONE, START, SKIP = Button("done", "Done"), Button("start", "Start"), Button("skip", "Skip")
ALL_VERBS = "Answer: neckguard start, snooze or skip"


def card_of(each: Reminder, turn: int = 0) -> Card:
    return make_card("prompt-1", each, TOPICS.topics, (text_of(each, TOPICS.topics, turn, stands=True),))


@pytest.mark.parametrize(
    ("name", "card"),
    [
        (
            "posture",
            Card(
                key="prompt-1",
                title="Shift a little",
                lines=("Try this.",),
                buttons=(DONE, Button("skip", "Not now")),
                verbs="Answer: neckguard done or skip",
                kind="posture",
                popup=45.0,
            ),
        ),
        (
            "stretch",
            Card(
                key="prompt-1",
                title="Ease your neck",
                lines=("Slowly.",),
                buttons=(START, LATER_5, SKIP),
                verbs=ALL_VERBS,
                kind="stretch",
                popup=45.0,
                resident=True,
            ),
        ),
        (
            "break",
            Card(
                key="prompt-1",
                title="Time away from the desk: 5 min",
                lines=("Walk.",),
                buttons=(START, LATER_10, SKIP),
                verbs=ALL_VERBS,
                kind="break",
                popup=45.0,
                lasting=True,
                resident=True,
            ),
        ),
        (
            "green_tea",
            Card(
                key="prompt-1",
                title="Green tea",
                lines=("Remember.",),
                buttons=(DONE, LATER_5, SKIP),
                verbs="Answer: neckguard done, snooze or skip",
                kind="note",
                popup=45.0,
            ),
        ),
    ],
)
def test_each_kind_has_its_words_and_buttons(name: str, card: Card) -> None:
    assert card_of(reminder(name, 600.0)) == card


def test_the_buttons_name_the_real_snooze() -> None:
    labels = [button.label for button in card_of(reminder("stretch", 600.0, snooze=90.0)).buttons]
    assert labels == ["Start", "In 1 min 30 s", "Skip"]


def test_the_persons_own_words_come_first() -> None:
    card = card_of(reminder("break", 600.0, title="Out!", message="Feed the cat."))
    assert (card.title, card.lines) == ("Out!", ("Feed the cat.",))


def test_the_lines_take_turns() -> None:
    posture = reminder("posture", 600.0)
    assert [card_of(posture, turn).lines for turn in range(3)] == [
        ("Try this.",),
        ("Try that.",),
        ("Try this.",),
    ]


def test_who_does_not_stand_gets_the_lines_that_ask_for_no_standing() -> None:
    topics = {"break": Topic("Away", ("Walk.", "Look far away."), ("Look far away.",)), "note": Topic("", ())}
    found = reminder("break", 600.0)
    assert [text_of(found, topics, turn, stands=True) for turn in range(2)] == ["Walk.", "Look far away."]
    assert [text_of(found, topics, turn, stands=False) for turn in range(2)] == ["Look far away."] * 2
    assert text_of(found, TOPICS.topics, 0, stands=False) == "Walk."  # there is nothing else to say


def test_over_a_fact_of_the_workstation_stands_your_desk_unless_the_person_named_it() -> None:
    topics = {**TOPICS.topics, FACT: Topic("Your desk", ())}
    titles = [
        make_card("prompt-1", each, topics, ("Try it.",), already=already).title
        for each in (reminder("posture", 600.0), reminder("posture", 600.0, title="Mine"))
        for already in (False, True)
    ]
    assert titles == ["Shift a little", "Your desk", "Mine", "Mine"]
