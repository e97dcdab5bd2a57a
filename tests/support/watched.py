"""A desk in virtual time that also tells what guides put on its screen."""

from neckguard.core.model import Effect, Hide, Show
from support.virtual import Desk


class Watched(Desk):
    """A desk whose trace also has what is put on the screen and taken off it."""

    def _see(self, effect: Effect) -> None:
        clock = f"{self.now.wall:%H:%M:%S}"
        if isinstance(effect, Show) and effect.card.kind == "guide":
            card = effect.card
            percent = "" if card.progress is None else f" {card.progress}%"
            self.trace.append(f"{clock}{percent} [{card.title}] {' / '.join(card.lines)}")
        elif isinstance(effect, Hide) and effect.key in self.screen:
            self.trace.append(f"{clock} hide {effect.key}")
        super()._see(effect)
