"""What stands in for the outside world while the product is tried out; no product package imports it."""
