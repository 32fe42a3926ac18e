"""A whole week of a neighbourhood, through the front doors, with a list of its own of what was promised."""
