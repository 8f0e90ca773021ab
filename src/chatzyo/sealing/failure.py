"""Why two browsers stop talking: each is a state that people see, and none is tried again."""

from enum import Enum


class Failure(Enum):
    """The values are the names the browser uses."""

    LINK_MALFORMED = "link-malformed"
    """The fragment of a private link is not one."""
    VERSION = "version"
    """The link was made by a newer client."""
    LINK_MISMATCH = "link-mismatch"
    """On a link: a point or a hello that somebody without its secret could have made."""
    SEALED_BROKEN = "sealed-broken"
    """Somebody changed the connection data on the way."""
    CODE_BROKEN = "code-broken"
    """The rules that make the spoken code safe were broken."""
    CODE_DIFFERENT = "code-different"
    """A person said that the codes differ."""
