"""Keys that only the two people hold, as the browsers make them. Pure: bytes in, bytes out.

The browser's half is web/js/io/sealing.js and what it imports; tests/vectors holds both to the
same bytes. This half lets tests, attack tests and the headless peer speak to browsers.
"""
