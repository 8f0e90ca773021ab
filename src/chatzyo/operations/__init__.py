"""What operators touch: settings, logs, metrics."""
