"""Every message once, its limits and its codec. Imports nothing else of chatzyo."""
