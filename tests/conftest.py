"""What holds for all tests."""

import signal

import pytest
from hypothesis import HealthCheck, settings
from support.helpers import patient

_MANY_EXAMPLES = 600.0  # seconds: when one fails, making it short takes Hypothesis up to five minutes more

# How long an example takes says more about the machine than about the code.
settings.register_profile("neckguard", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("neckguard")

# A shell lets its jobs in the background ignore Ctrl-C, and they hand that down to the programs under test.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """A slow machine may need longer for a whole test, too."""
    if config.getoption("timeout") is None:
        config.option.timeout = patient(float(config.getini("timeout")))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that is ended while Hypothesis looks for a shorter example would be called flaky."""
    for item in items:
        if item.get_closest_marker("hypothesis"):
            item.add_marker(pytest.mark.timeout(patient(_MANY_EXAMPLES)))
