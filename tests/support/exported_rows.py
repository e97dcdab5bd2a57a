"""From what `export` prints back to the rows it was made from."""

from datetime import datetime
from typing import Any

from neckguard.storage.history.rows import EntryRow, OutcomeRow, SpanRow


def instant(text: str | None) -> tuple[float | None, int]:
    """The instant of an ISO time, and how far its clock was ahead of UTC."""
    if not text:
        return None, 0
    found = datetime.fromisoformat(text)
    offset = found.utcoffset()
    assert offset is not None
    return found.timestamp(), int(offset.total_seconds())


def rebuilt(found: dict[str, Any]) -> OutcomeRow | SpanRow | EntryRow:
    """The row that this was."""
    text = {name: value or "" for name, value in found.items()}
    if found.get("settled"):
        settled, offset = instant(found["settled"])
        assert settled is not None
        names = {name: text[name] for name in ("reminder", "kind", "item", "side", "how")}
        due, shown = instant(found["due"])[0], instant(found["shown"])[0]
        return OutcomeRow(due=due, shown=shown, settled=settled, offset=offset, **names)
    if found.get("start"):
        start, offset = instant(found["start"])
        end = instant(found["end"])[0]
        assert start is not None
        assert (
            found["seconds"] in ("", None)
            if end is None
            else float(found["seconds"]) == round(end - start, 3)
        )
        return SpanRow(found["kind"], text["reason"], start, end, offset)
    at, offset = instant(found["at"])
    assert at is not None
    score = None if found["score"] in ("", None) else int(found["score"])
    return EntryRow(at, offset, found["what"], score, text["detail"], text["note"])
