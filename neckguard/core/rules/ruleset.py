"""All rules over one world, each handed the rules below it: who may see whom is written here alone."""

from collections.abc import Iterable
from typing import Protocol

from neckguard.core.rules.approach import Approach
from neckguard.core.rules.attendance import Attendance
from neckguard.core.rules.attention import Attention
from neckguard.core.rules.care import Care
from neckguard.core.rules.daily import Daily
from neckguard.core.rules.dates import Dates, Pausing
from neckguard.core.rules.guidance import Guidance
from neckguard.core.rules.neck_cards import NeckCards
from neckguard.core.rules.plan_in_force import PlanInForce
from neckguard.core.rules.quiet import QuietReasons
from neckguard.core.rules.stage import Stage
from neckguard.core.rules.tact import Tact
from neckguard.core.rules.timers import Timers
from neckguard.core.world import World
from neckguard.value import value


class Rule(Protocol):
    """A small machine over the world. It knows the rules below it, never the engine."""

    def on_time(self) -> None:
        """Act on what time has brought; called at every step, after the clocks went on."""

    def deadlines(self) -> Iterable[float]:
        """When time alone will change something here, boot clock; those that have passed do no harm."""


@value
class Rules:
    """The rules by name, lowest first."""

    world: World
    pausing: Pausing
    daily: Daily
    timers: Timers
    quiet: QuietReasons
    attention: Attention
    approach: Approach
    guidance: Guidance
    tact: Tact
    stage: Stage
    attendance: Attendance
    care: Care
    dates: Dates


def make_rules(world: World) -> Rules:
    """The rules of this world."""
    quiet, attention = QuietReasons(world), Attention(world)
    approach = Approach(world, attention, quiet)
    guidance = Guidance(world, quiet)
    tact = Tact(world, quiet, approach)
    stage = Stage(world, tact, approach, guidance, attention)
    care = Care(world, stage, NeckCards(world, quiet), PlanInForce(world, quiet, approach))
    return Rules(
        world,
        Pausing(world),
        Daily(world),
        Timers(world),
        quiet,
        attention,
        approach,
        guidance,
        tact,
        stage,
        Attendance(world, guidance, attention),
        care,
        Dates(world, care),
    )
