"""The resident process: outside → events → engine → effects → outside."""
