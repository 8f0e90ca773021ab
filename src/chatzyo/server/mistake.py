"""What an operator can mend."""


class CannotStart(Exception):  # noqa: N818 - the operator's mistake, not a failure of ours
    """One sentence for the operator: what is wrong and what to do."""
