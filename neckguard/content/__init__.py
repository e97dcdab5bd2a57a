"""Data that ships with neckguard, and its loader."""
