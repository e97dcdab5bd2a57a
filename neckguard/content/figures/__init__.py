"""One small figure for each movement."""
