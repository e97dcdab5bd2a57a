"""What holds for all tests."""

import signal

import pytest
from hypothesis import HealthCheck, settings
from support.helpers import patient

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
