"""The running state of the reminders: how prompts settle, what covers what, how they look."""
