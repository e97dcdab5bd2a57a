"""Where a change to a file could show itself: what inotify has to listen to."""

import errno
import os
from collections import deque

# <sys/inotify.h>
MODIFY = 0x2
ATTRIB = 0x4
CLOSE_WRITE = 0x8
MOVED_FROM = 0x40
MOVED_TO = 0x80
CREATE = 0x100
DELETE = 0x200
DELETE_SELF = 0x400
MOVE_SELF = 0x800

# A directory that is merely passed through: only its own loss matters, and a busy home directory must not
# wake us for anything else.
_PASSED = DELETE_SELF | MOVE_SELF
# A directory in which a name decides: the file's own, a symlink's, or one that does not exist yet.
_DECIDES = _PASSED | DELETE | CREATE | MOVED_FROM | MOVED_TO | ATTRIB
# The file itself, by whichever name it is written.
_CONTENT = MODIFY | CLOSE_WRITE | ATTRIB | DELETE_SELF | MOVE_SELF

_MAX_LINKS = 40  # as the kernel

Signature = tuple[int, int, int, int, int]


class Places(dict[str, tuple[int, frozenset[str]]]):
    """Paths to listen to, each with its event mask and, in directories, the names that matter."""

    def need(self, path: str, mask: int, *names: str) -> None:
        """Listen to this as well."""
        known, others = self.get(path, (0, frozenset[str]()))
        self[path] = (known | mask, others | frozenset(names))

    def decides(self, directory: str, name: str) -> None:
        """Listen to all that happens to this name.

        Its directory's deletion is told by the one above: DELETE_SELF does not come as long as some shell
        stands in the deleted directory.
        """
        self.need(directory, _DECIDES, name)
        if directory != "/":
            self.need(os.path.dirname(directory), DELETE, os.path.basename(directory))


def survey(path: str) -> Places:
    """All places where something can happen that changes what `path` leads to, as things stand now."""
    places = Places()
    parts = deque(part for part in path.split("/") if part not in ("", "."))
    here, links = "/", 0
    while parts:
        name = parts.popleft()
        if name == "..":
            here = os.path.dirname(here)
            continue
        there = os.path.join(here, name)
        try:
            target = _link_target(there)
        except OSError as error:
            places.decides(here, name)
            if error.errno == errno.EACCES:  # it may become accessible, which its parent tells
                places.decides(os.path.dirname(here), os.path.basename(here))
            break
        if target is not None:
            places.decides(here, name)
            links += 1
            if links > _MAX_LINKS:
                break
            parts.extendleft(part for part in reversed(target.split("/")) if part not in ("", "."))
            here = "/" if target.startswith("/") else here
        elif parts:
            places.need(here, _PASSED, name)
            here = there
        else:
            places.decides(here, name)
            places.need(there, _CONTENT)
    return places


def signature(path: str) -> Signature | None:
    """What differs whenever the file was changed, replaced or made accessible; None without one."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def is_gone(path: str) -> bool:
    """Whether nothing is there. What merely cannot be reached is not gone."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _link_target(path: str) -> str | None:
    """Where a symlink points; None if it is something else.

    Raises:
        OSError: nothing is there, or it cannot be reached.
    """
    try:
        return os.readlink(path)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        return None
