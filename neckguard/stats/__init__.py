"""What happened, in figures: pure, from rows of the history."""
