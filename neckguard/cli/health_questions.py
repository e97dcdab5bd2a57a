"""The questions about a person's health: asked once, in a terminal, and kept on this machine."""

from collections.abc import Callable
from typing import TypeVar

from neckguard import paths
from neckguard.cli.asking import ask_until, can_ask, numbers, yes_or_no
from neckguard.cli.terminal import say
from neckguard.content import loader
from neckguard.core import Answers
from neckguard.errors import NeckguardError
from neckguard.storage.health import answers_file, load_answers, save_answers
from neckguard.texts import BOLD

T = TypeVar("T")

UNANSWERED = (
    "You have not answered the health questions yet, so only gentle stretches are offered."
    " To answer them: neckguard stretch --questions"
)
_WHICH = 'Type the numbers that apply, or "none" ("later" if you would rather not say now).'


class _Later(Exception):  # noqa: N818 - a way out, not an error
    """The person does not want to answer now."""


def saved() -> Answers | None:
    """What was answered before."""
    return load_answers(paths.state_dir())


def ask_once() -> Answers | None:
    """The answers; asks for them where there are none yet and somebody can give them."""
    answers = saved()
    return answers if answers or not can_ask() else ask_questions()


def ask_questions() -> Answers | None:
    """Ask, keep the answers and say what follows; None if the person would rather answer later."""
    questions, wording = loader.load_questions(), loader.load_wording()
    texts = {name: passage.text for name, passage in questions.conditions.items()}
    say("Two short questions", style=BOLD)
    for line in wording["first_run"].lines:
        say(line)
    say(f"Your answers stay on this machine, in {answers_file(paths.state_dir())}; only you can read them.")
    print()
    for number, text in enumerate(texts.values(), 1):
        say(text, before=f"{number:>3}  ")
    print()
    try:
        conditions = _ask(_WHICH, lambda said: _chosen(said, tuple(texts)))
        for condition in conditions:
            say(texts[condition], before="  * ")
        chair = _ask(f"{questions.equipment['stable-chair'].text} (yes or no)", _yes_or_no)
    except _Later:
        say("All right. Until you answer, only gentle stretches are offered.")
        print()
        return None
    answers = Answers(conditions, chair)
    print()
    if conditions:
        say(wording["ask_first"].text)
    _keep(answers)
    print()
    return answers


def _keep(answers: Answers) -> None:
    try:
        save_answers(paths.state_dir(), answers)
    except NeckguardError as error:
        say(str(error))
        say("Your answers hold for now; you will be asked again.")
    else:
        say("Thank you. To change your answers: neckguard stretch --questions")


def _ask(question: str, understand: Callable[[str], T]) -> T:
    """Ask until the answer is understood.

    Raises:
        _Later: the person would rather not answer now.
    """

    def heed(said: str) -> T:
        if said.lower() == "later":
            raise _Later
        return understand(said)

    try:
        return ask_until(question, heed)
    except EOFError:
        raise _Later from None


def _chosen(said: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The conditions with these numbers.

    Raises:
        ValueError: it is something else; the message says what was asked for.
    """
    return tuple(names[number - 1] for number in numbers(said, len(names), otherwise='"none", or "later"'))


def _yes_or_no(said: str) -> bool:
    return yes_or_no(said, otherwise='; or "later"')
