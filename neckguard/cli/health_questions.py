"""The questions about a person's health: asked once, in a terminal, and kept on this machine."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from neckguard import paths
from neckguard.cli.asking import ask_until, can_ask, numbers, yes_or_no
from neckguard.cli.terminal import say
from neckguard.content import loader
from neckguard.core import Answers, Need, Passage, Questions, leaves
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
    if (answers is not None and answers.needs is not None) or not can_ask():
        return answers
    if answers is not None:
        say("There are new questions since you answered, so once more, please:")
    return ask_questions() or answers


def ask_questions() -> Answers | None:
    """Ask, keep the answers and say what follows; None if the person would rather answer later."""
    questions = loader.load_questions()
    say("Three short questions", style=BOLD)
    for line in loader.load_wording()["first_run"].lines:
        say(line)
    say(f"Your answers stay on this machine, in {answers_file(paths.state_dir())}; only you can read them.")
    try:
        answers = _ask_all(questions)
    except _Later:
        say("All right. You can answer any time: neckguard stretch --questions")
        print()
        return None
    print()
    left = {leaves(each) for each in answers.conditions}
    for each, passage in questions.follows.items():
        if each in left:
            say(passage.text)
    _keep(answers)
    print()
    return answers


def _ask_all(questions: Questions) -> Answers:
    """What the person answers.

    Raises:
        _Later: they would rather not, now.
    """
    conditions = _ask_which("Does any of this apply to you?", questions.conditions)
    needs = _ask_which("And does any of this? It chooses movements and words.", questions.needs)
    chair = f"{questions.equipment['stable-chair'].text} (yes or no)"
    return Answers(conditions, needs, Need.WHEELCHAIR not in needs and _ask(chair, _yes_or_no))


def _ask_which(question: str, passages: Mapping[str, Passage]) -> tuple[str, ...]:
    """Which of these were named, by id."""
    print()
    say(question, style=BOLD)
    for number, passage in enumerate(passages.values(), 1):
        say(passage.text, before=f"{number:>3}  ")
    chosen = _ask(_WHICH, lambda said: _chosen(said, tuple(passages)))
    for each in chosen:
        say(passages[each].text, before="  * ")
    return chosen


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
