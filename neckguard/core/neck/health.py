"""What a person's answers, settings and flare-up leave of the catalogue."""

from enum import IntEnum

from neckguard.core.neck.catalogue import FlareUse, Intensity, Need, Stretch
from neckguard.core.plan import Answers
from neckguard.value import value


class Scope(IntEnum):
    """How far a flare-up lets one go; a return climbs from one to the next."""

    NOTHING = 0  # a red flag: no exercises
    SAFE = 1  # only what is safe as it is
    HALF = 2  # and half the range, without holding
    STRETCHES = 3  # and full stretches
    ALL = 4  # and what presses against something: no flare-up


@value
class Limits:
    """What may be suggested. `answers` is None until the person has been asked."""

    avoid: tuple[str, ...] = ()
    standing: bool = True
    gentle_only: bool = False
    answers: Answers | None = None
    scope: Scope = Scope.ALL

    @property
    def careful(self) -> bool:
        """Whether only what is gentle and safe in a flare-up remains."""
        return self.gentle_only or bool(self.answers and self.answers.conditions)

    @property
    def eased(self) -> bool:
        """Whether movements are done the way a flare-up allows."""
        return self.careful or self.scope <= Scope.HALF

    def allow(self, stretch: Stretch) -> bool:
        """Whether this stretch may be suggested at all."""
        return (
            not stretch.words.intersection(self.avoid)
            and (self.standing or not stretch.standing_only)
            and self._scope_allows(stretch)
            and self._health_allows(stretch)
        )

    def _scope_allows(self, stretch: Stretch) -> bool:
        if stretch.resisted:
            return self.scope is Scope.ALL
        first = {FlareUse.YES: Scope.SAFE, FlareUse.HALF: Scope.HALF, FlareUse.NO: Scope.STRETCHES}
        return self.scope >= first[stretch.flare]

    def _health_allows(self, stretch: Stretch) -> bool:
        gentle = stretch.intensity is Intensity.GENTLE
        if self.careful and not (gentle and stretch.flare is FlareUse.YES):
            return False
        if self.answers is None:
            return gentle and Need.STABLE_CHAIR not in stretch.needs
        return (self.answers.stable_chair or Need.STABLE_CHAIR not in stretch.needs) and not (
            set(stretch.hidden_with) & set(self.answers.conditions)
        )
