"""What a timer needs: a sound that is heard, and a machine that stays awake."""
