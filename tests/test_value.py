"""Value classes behave as frozen dataclasses do."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from neckguard.value import value


@value
class Point:
    x: float
    names: tuple[str, ...] = field(default=())


@value
class Other:
    x: float
    names: tuple[str, ...] = ()


@value
class Lone:
    x: float


@value
class Nothing:
    pass


@value
class Bag:
    things: list[str] = field(default_factory=list)
    size: int = 3

    def __post_init__(self) -> None:
        if len(self.things) > self.size:
            raise ValueError("it is full")


@dataclass(frozen=True, slots=True)
class Plain:
    x: float
    names: tuple[str, ...] = ()


def test_two_are_equal_when_their_fields_are_and_they_are_of_one_class() -> None:
    assert Point(1.0, ("a",)) == Point(1.0, ("a",))
    assert Point(1.0) != Point(1.0, ("a",))
    assert (Lone(2.0) == Lone(2.0), Lone(2.0) == Lone(3.0)) == (True, False)
    assert Nothing() == Nothing()
    different: list[object] = [Other(1.0), (1.0, ()), None]
    assert all(Point(1.0) != each for each in different)


def test_equal_ones_hash_alike_and_others_rarely() -> None:
    assert hash(Point(1.0)) == hash(Point(1.0))
    assert len({Point(1.0), Point(1.0), Point(2.0), Other(1.0), Nothing(), Nothing(), Lone(1.0)}) == 5


def test_they_show_themselves_like_any_dataclass() -> None:
    assert repr(Point(1.0, ("a",))) == repr(Plain(1.0, ("a",))).replace("Plain", "Point")
    assert repr(Nothing()) == "Nothing()"


def test_they_cannot_be_changed_but_replaced_matched_and_kept() -> None:
    point = Point(1.0)
    with pytest.raises(FrozenInstanceError):
        point.x = 2.0  # type: ignore[misc] # that is the point
    with pytest.raises(FrozenInstanceError, match="'x'"):
        del point.x
    assert point.x == 1.0
    assert replace(point, x=2.0) == Point(2.0)
    assert [each.name for each in fields(point)] == ["x", "names"]
    match point:
        case Point(x, names):
            assert (x, names) == (1.0, ())
    assert pickle.loads(pickle.dumps(point)) == point
    assert not hasattr(point, "__dict__")


def test_each_makes_what_it_was_not_given_and_looks_at_what_it_was() -> None:
    bag = Bag()
    bag.things.append("tea")
    assert (bag, Bag(size=1)) == (Bag(["tea"], 3), Bag([], 1))
    with pytest.raises(ValueError, match="it is full"):
        Bag(["tea", "milk"], size=1)


def test_what_it_does_not_take_is_said_with_its_name() -> None:
    with pytest.raises(TypeError, match=r"Lone\.__init__\(\) missing 1 required positional argument: 'x'"):
        Lone()  # type: ignore[call-arg] # that is the point
    with pytest.raises(TypeError, match="unexpected keyword argument 'z'"):
        Lone(x=1.0, z=2.0)  # type: ignore[call-arg] # that is the point
