"""Limits that keep one visitor from harming the others. Pure: time is an argument."""
