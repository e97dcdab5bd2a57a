"""What is known of the person: there or not, since when, and who says so."""
