"""The settings in force: what the file and the environment say, or what stands in for them."""

from __future__ import annotations

import os

from neckguard import paths
from neckguard.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from neckguard.config.check import Checked
    from neckguard.core import Plan

LAST_GOOD, BUILT_IN = "last good", "built-in"


@value
class InForce:
    """A plan and where it comes from; none if the file that was named is not there."""

    checked: Checked  # what the file and the environment say now
    plan: Plan | None
    stand_in: str = ""  # the sort of settings that stand in for a broken file; empty: it is in force

    @property
    def troubles(self) -> list[str]:
        """Why the file is not in force, and what is instead; nothing if it is."""
        if self.checked.plan:
            return []
        first = [f"The {self.stand_in} settings are in force until this is mended:"] if self.stand_in else []
        return [*first, *(problem.text for problem in self.checked.problems)]


def settings_in_force() -> InForce:
    """What the file and the environment say; if that is broken, the last good settings, else the built-in."""
    from neckguard.config.check import built_in_plan, check

    path, explicit = paths.config_file(), paths.config_is_explicit()
    checked = check(path, explicit=explicit, environ=os.environ)
    if checked.plan:
        return InForce(checked, checked.plan)
    from neckguard.daemon.settings_file import SettingsFile

    file = SettingsFile(path, explicit=explicit, state_dir=paths.state_dir())
    last_good = file.last_good()
    if last_good or file.lacks_named_file:
        return InForce(checked, last_good, LAST_GOOD if last_good else "")
    return InForce(checked, built_in_plan(), BUILT_IN)
