"""Two browsers, a delaying network between them, and the steps of a call set-up."""
