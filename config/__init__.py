"""Where the packages are put together."""
