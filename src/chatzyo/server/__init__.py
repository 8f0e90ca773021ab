"""The shells: sockets, HTTP, TLS and the loop that drive the pure cores."""
