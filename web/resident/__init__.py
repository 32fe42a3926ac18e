"""Pages, forms and addresses of one kind of user."""
