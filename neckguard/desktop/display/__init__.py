"""Where the display of the person is, and how its server is spoken to: the two wire protocols."""
