"""The settings in force: read again when somebody touched the file, applied, or said to be broken."""

import asyncio
import logging
from collections.abc import Callable

from neckguard.core import Engine, Reply, events
from neckguard.daemon import journal
from neckguard.daemon.notices import CONFIG, Notices, config_card, headline
from neckguard.daemon.outside import Outside
from neckguard.daemon.settings_file import ConfigState, Loaded

_log = logging.getLogger(__name__)


class SettingsInForce:
    """Reads the settings and puts them in force. The plan goes to the engine, the rest to what is outside."""

    def __init__(
        self,
        engine: Engine,
        config: ConfigState,
        outside: Outside,
        notices: Notices,
        feed: Callable[[events.Event], None],
    ) -> None:
        self._engine = engine
        self._config = config
        self._outside = outside
        self._notices = notices
        self._feed = feed
        self._reloading = asyncio.Lock()

    async def look(self) -> None:
        """The file changed, or may have changed."""
        loaded = await self._outside.files.settings.load_saved()
        if loaded is not None:
            self.apply(loaded)

    async def reload(self) -> Reply:
        """Read the settings again and apply them."""
        async with self._reloading:
            journal.reloading()
            try:
                loaded = await self._outside.files.settings.load()
                self.apply(loaded)
            finally:
                journal.ready(headline(self._engine))
        said = [each.text for each in loaded.problems] + [f"Note: {each.text}" for each in loaded.notes]
        if loaded.plan is None:
            return Reply(ok=False, message="\n".join(said))
        return Reply(ok=True, message="\n".join(["Settings applied.", *said]))

    def apply(self, loaded: Loaded) -> None:
        """Put settings in force; broken ones change nothing but what `status` says."""
        self.learn_answers()
        if loaded.problems != self._config.problems:
            for problem in loaded.problems:
                _log.warning("%s", problem.text)
        self._config.problems = loaded.problems
        self._config.notes = loaded.notes
        if loaded.plan is None:
            self._notices.post(config_card(loaded.problems, built_in=self._config.built_in))
            self._feed(events.Tick())
            return
        self._notices.retract(CONFIG)
        changed = loaded.plan != self._engine.world.chosen
        if self._config.loaded_at is None or changed:
            for note in loaded.notes:
                _log.info("%s", note.text)
        self._config.loaded_at, self._config.built_in = loaded.loaded_at, False
        self._outside.configure(loaded.plan)
        journal.set_level(loaded.plan.log_level)
        self._feed(events.PlanChanged(loaded.plan) if changed else events.Tick())

    def learn_answers(self) -> None:
        """Take in what the person said about themselves, if it is news."""
        answers = self._outside.files.answers()
        if answers != self._engine.world.programme.limits.answers:
            self._feed(events.AnswersChanged(answers))
