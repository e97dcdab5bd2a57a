"""Whatever overlaps in whatever order: no prompt comes at a bad moment, and none is forgotten."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from support.virtual import Desk, plan, reminder

from neckguard.core import verbs
from neckguard.core.events import Answered, AwayBegan, AwayEnded, KeptAwake, QuietChanged, Slept
from neckguard.core.model import Away, Effect, QuietReason, Show

REMINDERS = tuple(
    replace(each, every=every)
    for each, every in (
        (reminder("posture"), 600.0),
        (reminder("stretch"), 1500.0),
        (reminder("break"), 2700.0),
    )
)
SWITCHES = ("dnd", "call", "share", "film", "lock", "pause")
HANDS = ("work", "type", "rest", "touch")

happenings = st.lists(
    st.tuples(
        st.sampled_from((*SWITCHES, *HANDS, "sleep", "answer")),
        st.sampled_from((0.0, 1.0, 15.0, 70.0, 200.0, 400.0, 1300.0)),
    ),
    max_size=40,
)


class Witness(Desk):
    """Knows what is really so, and looks at every prompt."""

    def __init__(self) -> None:
        self.on: set[str] = set()
        self.unlocked = 0.0  # whoever unlocks the screen is there, without an input that is told
        super().__init__(plan(*REMINDERS))
        self.sit_down()

    def _see(self, effect: Effect) -> None:
        if isinstance(effect, Show) and effect.card.key.startswith("prompt"):
            idle = self.boot - self.last_input if self.hands == "rest" else 0.0
            film = "film" in self.on and self.boot - max(self.last_input, self.unlocked) < 7200.0
            assert film or idle <= 60.0, "a prompt to an empty chair"
            assert not self.on & {"dnd", "lock", "pause"}
            assert not self.in_call
            assert not self.sharing
        super()._see(effect)

    def switch(self, what: str) -> None:
        self.on ^= {what}
        on = what in self.on
        match what:
            case "dnd":
                self.do(QuietChanged(QuietReason.DND, "on" if on else ""))
            case "call":
                self.in_call = on
            case "share":
                self.sharing = on
            case "film":
                self.do(KeptAwake(on, self.boot))
            case "lock":
                self.unlocked = self.unlocked if on else self.boot
                self.do(AwayBegan(Away.LOCKED) if on else AwayEnded(Away.LOCKED))
            case "pause":
                self.do(verbs.Pause(1e6) if on else verbs.Resume())

    def happen(self, what: str) -> None:
        match what:
            case "touch":
                self.leave().touch()
            case "rest":
                self.leave()
            case "sleep":
                self.leave()
                self.do(AwayBegan(Away.ASLEEP))
                self.jump(1000.0)
                self.do(Slept(1000.0))
                self.do(AwayEnded(Away.ASLEEP))
            case "answer":
                for key in self.open:
                    self.do(Answered(key, "done"))
            case "work" | "type":
                self.use(what)
            case _:
                self.switch(what)


@settings(max_examples=400)
@given(happenings)
def test_no_prompt_comes_at_a_bad_moment_and_none_is_forgotten(story: list[tuple[str, float]]) -> None:
    desk = Witness()
    for what, wait in story:
        desk.happen(what)
        desk.pass_time(wait)
    for what in tuple(desk.on):
        desk.switch(what)
    owed = {
        each.name for each in desk.engine.world.courses if each.owed and not (each.given_up or each.visible)
    }
    desk.took()
    desk.use("work").pass_time(300.0 + 300.0)  # it may wait for a longer one, due within five minutes
    came = {line.split()[2] for line in desk.took()} - {"due", "hidden"}
    assert came or not owed, f"{owed} waited, and nothing came"
