"""The rules: one small machine each over the one plain world; `core.engine` composes them."""
