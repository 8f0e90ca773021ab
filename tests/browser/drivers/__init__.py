"""Two real engines behind one small interface, so that one flow test runs on both."""
