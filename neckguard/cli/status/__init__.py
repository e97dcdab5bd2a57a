"""`neckguard status`: the page for people, and what status bars read."""
