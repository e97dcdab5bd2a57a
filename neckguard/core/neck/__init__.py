"""The neck programme: what is suggested, within what limits, and how a flare-up goes."""
