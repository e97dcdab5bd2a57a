"""What the daemon does, in a sentence: for the service manager, and for a person at a terminal."""

from neckguard import __version__
from neckguard.core import Engine, say_span, say_when


def headline(engine: Engine) -> str:
    """One line that changes only when something happens: for the service manager and the terminal."""
    world = engine.world
    if world.pause is not None:
        end = world.pause.until(world.now)
        return f"Paused until {say_when(end, world.now.wall)}" if end else "Paused until you resume"
    if world.holds:
        return {"off_hours": "Outside your hours", "away": "Nobody at the screen"}[world.holds[0]]
    if world.courses.showing is not None:
        return f"Prompt open: {world.courses.showing.name}"
    following = world.next_due()
    span = world.due_in(following) if following else None
    if following is None or span is None:
        return "No reminder is on"
    if following.owed:
        return f"Due: {following.name}"
    return f"Next: {following.name} about {say_when(world.later(span), world.now.wall)}"


def greeting(engine: Engine, note: str) -> str:
    """What a person at a terminal reads when `run` is ready; `note` is about where prompts come."""
    world = engine.world
    following = world.next_due()
    span = world.due_in(following) if following else None
    comes = (
        f"Next: {following.name} in {say_span(span)}."
        if following and span is not None
        else "No reminder is on."
    )
    lines = [f"neckguard {__version__} is running. {comes}"]
    if note:
        lines.append(f"{note[:1].upper()}{note[1:]}.")
    if following:
        stretch = world.courses.get("stretch")
        shown = stretch if stretch and stretch.reminder.enabled else following
        lines.append(f"See one now: neckguard now {shown.name} (in another terminal)")
    return "\n".join((*lines, "Pause: neckguard pause", "Stop: Ctrl-C"))
