"""The whole program on a session bus of its own."""

from support.desk_fixtures import desk, dunst, home, life, session

__all__ = ["desk", "dunst", "home", "life", "session"]
