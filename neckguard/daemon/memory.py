"""What a life leaves for the next one, saved before anybody is told; and what of it could not be."""

from dataclasses import replace

from neckguard.core import Engine, Reply, take_anchor, take_state
from neckguard.daemon.outside import Outside
from neckguard.storage.heartbeat import boot_id
from neckguard.storage.history.rows import UNWRITTEN


class Memory:
    """Keeps the state of the engine, and what else the next life must know."""

    def __init__(self, engine: Engine, outside: Outside, *, welcomed: bool) -> None:
        self.welcomed = welcomed
        self.touched = False  # whether the person had a say in this life
        self._engine = engine
        self._state = outside.files.state
        self._history = outside.history
        self._notifier = outside.desktop.notifier
        self._boot_id = boot_id()

    def keep(self, *, always: bool = False) -> None:
        """Make it durable."""
        kept = {
            **take_state(self._engine),
            "boot_id": self._boot_id,
            "welcomed": self.welcomed,
            "notifications": [list(each) for each in self._notifier.remembered()],
        }
        if waiting := self._history.waiting():
            kept[UNWRITTEN] = waiting
        self._state.save(kept, take_anchor(self._engine), always=always)

    @property
    def failure(self) -> str:
        """Why nothing can be saved now; empty: it can."""
        return self._state.failure

    @property
    def failing(self) -> bool:
        """Whether something waits to be saved or written."""
        return bool(self._state.failure or self._history.failure)

    def outdated(self) -> bool:
        """Whether an earlier life came to light that nothing speaks against going on with."""
        return not self.touched and self._state.came_late()

    def stand(self) -> tuple[str, int]:
        """What there is to save until now, for `confess`."""
        return self._state.wanted, self._history.rows

    def confess(self, reply: Reply, before: tuple[str, int]) -> Reply:
        """The reply; what it did since it stood as `before` and could not be saved is part of it."""
        state, rows = before
        changed = reply.ok and self._state.wanted != state
        self.touched = self.touched or changed
        if changed and self._state.failure:
            unsaved = f"But this could not be saved: {self._state.failure} After a restart it is forgotten."
        elif changed and self._history.failure and self._history.rows != rows:
            unsaved = (
                f"But it could not be written to the history yet: {self._history.failure}"
                " It waits until it can be, also over a restart."
            )
        else:
            return reply
        return replace(reply, message=f"{reply.message} {unsaved}", data={**reply.data, "unsaved": unsaved})
