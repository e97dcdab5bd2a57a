"""What a person's answers, settings and flare-up leave of the catalogue."""

from enum import IntEnum, StrEnum

from neckguard.core.neck.catalogue import Equipment, FlareUse, Intensity, Need, Posture, Stretch
from neckguard.core.plan import Answers
from neckguard.value import value


class Leaves(StrEnum):
    """What a condition leaves of the catalogue."""

    SAFE = "safe"  # what is gentle, and safe in a flare-up too
    GENTLE = "gentle"  # what is gentle
    OTHERS = "others"  # all that is not hidden with it


_LEAVES = {
    "osteoporosis": Leaves.OTHERS,
    "heart": Leaves.OTHERS,
    "shoulder": Leaves.OTHERS,
    "pregnancy": Leaves.GENTLE,
}


def leaves(condition: str) -> Leaves:
    """What this condition leaves; one that nobody thought of, as little as any."""
    return _LEAVES.get(condition, Leaves.SAFE)


class Scope(IntEnum):
    """How far a flare-up lets one go; a return climbs from one to the next."""

    NOTHING = 0  # a red flag: no exercises
    SAFE = 1  # only what is safe as it is, or a tiny way
    HALF = 2  # and half the range, without holding
    STRETCHES = 3  # and full stretches
    ALL = 4  # and what presses against something: no flare-up


class Ease(IntEnum):
    """How much easier than usual a movement is done."""

    NONE = 0
    EASY = 1  # half as far and without holding, or as its entry says
    TINY = 2  # a tiny way


@value
class Limits:
    """What may be suggested. `answers` is None until the person has been asked."""

    avoid: tuple[str, ...] = ()
    standing: bool = True
    gentle_only: bool = False
    answers: Answers | None = None
    scope: Scope = Scope.ALL

    @property
    def conditions(self) -> tuple[str, ...]:
        """The ids of those that the person named."""
        return self.answers.conditions if self.answers else ()

    @property
    def needs(self) -> frozenset[str]:
        """What suits the person; a wheelchair, or the settings, mean that nobody stands up."""
        said = frozenset((self.answers.needs if self.answers else None) or ())
        return said if self.standing and Need.WHEELCHAIR not in said else said | {Need.SEATED}

    @property
    def stands(self) -> bool:
        """Whether the person can be asked to stand up."""
        return Need.SEATED not in self.needs

    @property
    def careful(self) -> bool:
        """Whether only what is gentle and safe in a flare-up remains."""
        return self.gentle_only or any(leaves(each) is Leaves.SAFE for each in self.conditions)

    def ease(self, stretch: Stretch) -> Ease:
        """How much easier than usual this one is done."""
        if self.scope <= Scope.SAFE and stretch.flare is FlareUse.TINY:
            return Ease.TINY
        easy = self.careful or self.scope <= Scope.HALF or set(stretch.eased_with) & set(self.conditions)
        return Ease.EASY if easy else Ease.NONE

    def allow(self, stretch: Stretch) -> bool:
        """Whether this stretch may be suggested at all."""
        return (
            not stretch.words.intersection(self.avoid)
            and self.fits(stretch)
            and self._scope_allows(stretch)
            and self._health_allows(stretch)
        )

    def fits(self, stretch: Stretch) -> bool:
        """Whether this stretch asks for nothing that the person's needs rule out."""
        needs = self.needs
        return needs.isdisjoint(stretch.not_for) and not (stretch.standing_only and Need.SEATED in needs)

    def suits(self, posture: Posture) -> bool:
        """The same of a posture check."""
        needs = self.needs
        wanted = not posture.only_for or not needs.isdisjoint(posture.only_for)
        return wanted and needs.isdisjoint(posture.not_for)

    def _scope_allows(self, stretch: Stretch) -> bool:
        if stretch.resisted:
            return self.scope is Scope.ALL
        return self.scope >= _FIRST_SCOPE[stretch.flare]

    def _health_allows(self, stretch: Stretch) -> bool:
        gentle = stretch.intensity is Intensity.GENTLE
        if self.careful and not (gentle and stretch.flare is FlareUse.YES):
            return False
        if self.answers is None:
            return gentle and Equipment.STABLE_CHAIR not in stretch.equipment
        only_gentle = any(leaves(each) is Leaves.GENTLE for each in self.conditions)
        return (
            (gentle or not only_gentle)
            and (self.answers.stable_chair or Equipment.STABLE_CHAIR not in stretch.equipment)
            and set(stretch.hidden_with).isdisjoint(self.conditions)
        )


_FIRST_SCOPE = {
    FlareUse.YES: Scope.SAFE,
    FlareUse.TINY: Scope.SAFE,
    FlareUse.HALF: Scope.HALF,
    FlareUse.NO: Scope.STRETCHES,
}
