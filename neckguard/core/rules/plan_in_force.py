"""The plan in force: what the person chose, or what a flare-up makes of it."""

from neckguard.core.plan import Plan
from neckguard.core.rules.approach import Approach
from neckguard.core.rules.quiet import QuietReasons
from neckguard.core.world import World


class PlanInForce:
    """Puts other settings in force without losing countdowns."""

    def __init__(self, world: World, quiet: QuietReasons, approach: Approach) -> None:
        self._world = world
        self._quiet = quiet
        self._approach = approach

    def choose(self, *, flaring: bool) -> None:
        """Go by what the person chose; `flaring`: by what a flare-up makes of it."""
        world = self._world
        plan = _under_flare(world.chosen) if flaring else world.chosen
        if plan == world.plan:
            return
        if plan.quiet != world.plan.quiet:
            self._approach.renew()
        world.plan = plan
        world.programme.follow(plan)
        world.calendar.set_hours(plan.hours)
        wanted = {reminder.name: reminder for reminder in plan.reminders}
        for gone in [course for course in world.courses if course.name not in wanted]:
            world.remove(gone)
        for name, reminder in wanted.items():
            course = world.courses.get(name)
            if course is None:
                world.courses.add(reminder)
            elif course.reminder != reminder:
                world.courses.change(course, reminder)
                world.calendar.forget(name)
        world.courses.lend_slots()
        world.presence.still_counts = plan.presence.still_counts
        self._quiet.review()


def _under_flare(plan: Plan) -> Plan:
    from neckguard.core.neck.flare.plan import under_flare  # most lives never see a flare-up

    return under_flare(plan)
