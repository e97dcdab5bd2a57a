"""Who can tell of inputs, and what keeps the session awake without any."""
