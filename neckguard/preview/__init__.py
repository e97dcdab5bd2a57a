"""A day at the desk in virtual time: the real engine, a simulated person and a simulated desktop."""
