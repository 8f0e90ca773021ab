"""Style, types and the direction of imports in the browser client."""

from tests.gates import tools


def test_biome_finds_nothing_and_code_is_formatted() -> None:
    tools.check_biome("ci", "--error-on-warnings", ".")


def test_types_of_the_client_are_strict() -> None:
    tools.check_types_of_javascript("jsconfig.json")


def test_types_of_its_tests_are_strict() -> None:
    tools.check_types_of_javascript("tests/web/jsconfig.json")


def test_core_takes_chance_as_an_argument() -> None:
    # The linter can forbid a global but not one of its methods, and cores need the rest of Math.
    users = [path.name for path in tools.WEB_CORE.glob("*.js") if "Math.random" in path.read_text()]
    assert users == []
