"""The self-test of a desktop: small checks, each with what a person can do about it."""
