"""D-Bus: a connection that is looked after."""
