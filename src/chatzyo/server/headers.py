"""The security headers of every response. The values are the ones safety tests measure.

`trusted-types 'none'`: the page builds no HTML from strings anywhere, so the browser may refuse it.
"""

from typing import Final

_PERMISSIONS: Final = ", ".join(
    [
        "camera=(self)",
        "microphone=(self)",
        "display-capture=(self)",
        "fullscreen=(self)",
        "picture-in-picture=(self)",
        *(
            f"{feature}=()"
            for feature in (
                "geolocation",
                "usb",
                "serial",
                "hid",
                "midi",
                "payment",
                "browsing-topics",
            )
        ),
    ]
)

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": _PERMISSIONS,
}


def security_headers(*, host: str, secure: bool) -> dict[str, str]:
    """Headers for a page reached as `host` (the request's Host header), over TLS or not."""
    headers = {"Content-Security-Policy": _content_security_policy(host, secure=secure), **_ALWAYS}
    if secure:
        headers["Strict-Transport-Security"] = "max-age=63072000"
    return headers


def _content_security_policy(host: str, *, secure: bool) -> str:
    """Name the WebSocket origin as well: older Safari does not count it as 'self'."""
    socket = f" {'wss' if secure else 'ws'}://{host}" if _is_plain_host(host) else ""
    directives = [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob: mediastream:",
        f"connect-src 'self'{socket}",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
    if secure:
        directives.append("upgrade-insecure-requests")
    return "; ".join(directives)


def _is_plain_host(host: str) -> bool:
    """Only names, addresses and a port may enter the policy; the header comes from the client."""
    return bool(host) and host.isascii() and all(c.isalnum() or c in ".-:[]" for c in host)
