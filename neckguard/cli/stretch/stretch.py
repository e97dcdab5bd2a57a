"""`neckguard stretch`: a guided session in the terminal."""

import argparse
import os
import sys
from collections.abc import Sequence

from neckguard.cli import health_questions
from neckguard.cli.asking import can_ask
from neckguard.cli.stretch.choice import NOT_NOW, Situation, ask_advice, named, pick, situation
from neckguard.cli.stretch.guide import Keys, Lines, View, guide
from neckguard.cli.stretch.session import Session, cues
from neckguard.cli.stretch.strength import Noted, ask_how_it_went
from neckguard.cli.stretch.words import by_area, capital, introduce, say_dose, say_eased, say_position
from neckguard.cli.terminal import say
from neckguard.content import loader
from neckguard.control.client import ask
from neckguard.core import Limits, Scope, Stretch
from neckguard.errors import NeckguardError
from neckguard.texts import BOLD, WARN

_INTERRUPTED = 130


def run(args: argparse.Namespace, *, pace: float = 1.0) -> int:
    """Do what was asked; the exit code. `pace` is how fast time goes by; tests are in a hurry."""
    page = args.output or (args.page if args.open else "")
    if page and not args.list:
        args.refuse("--open and --output belong to --list")
    if args.questions:
        return _questions()
    advice = ask_advice()
    if advice.scope is Scope.NOTHING and not args.list:
        raise NeckguardError(NOT_NOW)  # and no questions: a person in pain comes first
    answers = health_questions.saved() if args.list or args.plain else health_questions.ask_once()
    here = situation(answers, advice)
    stretches = loader.load_stretches()
    if page:
        from neckguard.cli.stretch.page import make

        make(page, stretches, here, show_it=args.open)
        return 0
    if args.list:
        _print_list(stretches, here)
        return 0
    stretch = named(args.id, stretches, here) if args.id else pick(stretches, here)
    notes = () if answers else (health_questions.UNANSWERED,)
    return _session(stretch, here.limits, notes, plain=args.plain, keys=Keys(pace=pace))


def _print_list(stretches: Sequence[Stretch], here: Situation) -> None:
    """Print the whole catalogue by area, and what of it is put away and why."""
    say("To begin one, give the name it has on the left: neckguard stretch chin-tuck")
    if here.limits.answers is None:
        print()
        say(health_questions.UNANSWERED)
    for area, group in by_area(stretches):
        print()
        say(area, style=BOLD)
        for each in group:
            _print_one(each, here)
    print()
    say(loader.disclaimer())
    say(loader.load_wording()["content"].text)


def _print_one(stretch: Stretch, here: Situation) -> None:
    ease, stands = here.limits.ease(stretch), here.limits.stands
    reason = here.why_not(stretch)
    say(f"{stretch.id}: {stretch.name}", before="  ", style="" if reason else BOLD)
    position = capital(say_position(stretch, stands=stands))
    say(f"{capital(say_dose(stretch, ease))}. {position}.", before="    ")
    if reason:
        say(f"Not for now: {reason}.", before="    ", style=WARN)
    elif note := say_eased(stretch, ease):
        say(note, before="    ")


def _questions() -> int:
    if not can_ask():
        raise NeckguardError("the questions need a terminal in which you can answer them.")
    health_questions.ask_questions()
    return 0


def _session(stretch: Stretch, limits: Limits, notes: tuple[str, ...], *, plain: bool, keys: Keys) -> int:
    session = Session(cues(stretch, limits.ease(stretch)))
    intro = introduce(stretch, limits, notes)
    attended = keys.there and sys.stdout.isatty()
    view: View
    if plain or not attended or os.environ.get("TERM", "dumb") == "dumb":
        view = Lines(stretch.name, intro, keys=attended)
    else:
        from neckguard.cli.stretch.screen import StretchScreen  # rich: slow

        view = StretchScreen(stretch.name, intro, stretch.safety)
    if not attended:
        session.go_on()  # nobody sees that it waits for a key
    try:
        finished = guide(session, view, keys)
    except KeyboardInterrupt:
        _say_goodbye(stretch)
        return _INTERRUPTED
    if stretch.until_tired and session.moved:  # who stops has got as far as they wanted
        noted = ask_how_it_went(session.reps, to_the_end=finished) if attended else Noted()
        say(_tell_daemon(stretch, noted))
    elif not finished:
        _say_goodbye(stretch)
    elif session.moved:
        say(_tell_daemon(stretch, Noted()))
    else:
        say("All of it passed over, so it was not counted; come back whenever you like.")
    return 0


def _say_goodbye(stretch: Stretch) -> None:
    say(f"Ended here, which is fine. If it hurt, put it away: neckguard hurt {stretch.id}")


def _tell_daemon(stretch: Stretch, noted: Noted) -> str:
    """What the daemon says to it; it is done in any case."""
    try:
        reply = ask("stretched", id=stretch.id, band=noted.band, repetitions=noted.repetitions)
        return str(reply["message"])
    except NeckguardError:
        lost = " Band and repetitions could not be noted: neckguard is not running."
        return f"Done.{lost if noted.band else ''}"
