"""What stands on a prompt."""

import pytest
from support.virtual import TOPICS, reminder

from neckguard.core.model import Button, Card
from neckguard.core.plan import Reminder
from neckguard.core.reminders.cards import make_card, text_of

LATER_5, LATER_10 = Button("snooze", "In 5 min"), Button("snooze", "In 10 min")
DONE, START, SKIP = Button("done", "Done"), Button("start", "Start"), Button("skip", "Skip")
ALL_VERBS = "Answer: neckguard start, snooze or skip"


def card_of(each: Reminder, turn: int = 0) -> Card:
    return make_card("prompt-1", each, TOPICS.topics, (text_of(each, TOPICS.topics, turn),))


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
