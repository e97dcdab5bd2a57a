"""What can disturb: do not disturb, calls, a shared screen."""
