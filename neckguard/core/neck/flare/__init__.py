"""A flare-up: its course, what of it is worth saying, what is remembered, and the plan that it makes."""
