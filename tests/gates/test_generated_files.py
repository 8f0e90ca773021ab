"""What is generated from the protocol is what the protocol says now."""

from tests.gates import tools


def test_generated_files_have_not_drifted() -> None:
    tools.check_python("chatzyo.operations.generate", "--check")
