"""What the engine tells: `status`, `why`, and the state that survives a restart. Read only."""
