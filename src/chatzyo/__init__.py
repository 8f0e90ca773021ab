"""chatzyo: anonymous, browser-to-browser video, voice and text chat."""

__version__ = "0.1.0"
