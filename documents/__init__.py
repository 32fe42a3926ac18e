"""Papers that people hold: set in type, readable by everybody, the same bytes each time."""
