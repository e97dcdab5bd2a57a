"""The page of all movements, with a figure of each."""

import os
from collections.abc import Sequence

from neckguard.cli import health_questions
from neckguard.cli.stretch.choice import Situation
from neckguard.cli.stretch.words import by_area, capital, say_dose, say_eased, say_position, say_what
from neckguard.cli.web_page import show, write
from neckguard.content import loader
from neckguard.core import Stretch
from neckguard.report.movements import Movement, page


def make(path: str, stretches: Sequence[Stretch], here: Situation, *, show_it: bool) -> None:
    """Write it and say where it is; `show_it`: in the browser, too.

    Raises:
        NeckguardError: it cannot be written or shown.
    """
    wording = loader.load_wording()
    notes = [loader.disclaimer(), wording["movement"].text, wording["content"].text]
    if here.limits.answers is None:
        notes.append(health_questions.UNANSWERED)
    movements = [_movement(area, each, here) for area, group in by_area(stretches) for each in group]
    whole = os.path.abspath(path)
    write(whole, page(movements, notes, loader.load_sources()))
    print(f"The page of all movements is in {whole}")
    if show_it:
        show(whole)


def _movement(area: str, stretch: Stretch, here: Situation) -> Movement:
    ease = here.limits.ease(stretch)
    dose = f"{capital(say_dose(stretch, ease))}. {say_eased(stretch, ease)}"
    return Movement(
        id=stretch.id,
        name=stretch.name,
        area=area,
        what=say_what(stretch),
        dose=dose.strip(),
        position=f"{capital(say_position(stretch, stands=here.limits.stands))}.",
        safety=stretch.safety,
        source=stretch.source,
        not_now=capital(here.why_not(stretch)),
    )
