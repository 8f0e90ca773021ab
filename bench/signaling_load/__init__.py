"""Load generator of the signaling benchmark: one client for four servers."""
