"""Renders the protocol for readers and for the browser's type checker, from the definitions.

Owns the text of PROTOCOL.md's generated part, `messages.d.ts` and `limits.js`. Writes no file:
operations.generate does, and fails in CI when a file has drifted.
"""

import ast
import inspect
from collections.abc import Iterator
from typing import Final, get_args

import msgspec
from msgspec import inspect as shapes

from chatzyo.protocol import limits, messages
from chatzyo.protocol.closing import CloseCode

Wire = type[messages.Wire]

FROM_CLIENT: Final[tuple[Wire, ...]] = get_args(messages.ClientMessage)
FROM_SERVER: Final[tuple[Wire, ...]] = get_args(messages.ServerMessage)


def protocol_tables() -> str:
    """Everything between the markers of PROTOCOL.md: messages, close codes, limits."""
    return "\n".join(
        [
            "### From the browser\n",
            *(_message_section(kind) for kind in FROM_CLIENT),
            "### From the server\n",
            *(_message_section(kind) for kind in FROM_SERVER),
            "### Close codes\n",
            "| code | meaning |\n| --- | --- |",
            *(f"| {int(code)} | {code.meaning} |" for code in CloseCode),
            "\n### Limits\n",
            "| limit | value | reason |\n| --- | --- | --- |",
            *(f"| `{name}` | {value:,} | {reason} |" for name, value, reason in _limits()),
        ]
    )


def typescript() -> str:
    """The content of messages.d.ts: one interface a message and the two closed unions."""
    return "\n".join(
        [
            "/* Generated from src/chatzyo/protocol/messages.py. Do not edit. */\n",
            *(_interface(kind) for kind in (*FROM_CLIENT, *FROM_SERVER)),
            _union("ClientMessage", FROM_CLIENT),
            _union("ServerMessage", FROM_SERVER),
        ]
    )


def javascript_limits() -> str:
    """The content of limits.js: every limit and close code as a named constant."""
    return "\n".join(
        [
            "/* Generated from src/chatzyo/protocol. Do not edit. */\n",
            *(f"export const {name} = {value}" for name, value, _reason in _limits()),
            *(f"export const CLOSE_{code.name} = {int(code)}" for code in CloseCode),
            "",
        ]
    )


def _message_section(kind: Wire) -> str:
    head = f"#### `{_tag(kind)}`\n\n{inspect.getdoc(kind)}\n"
    rows = [_field_row(kind, field) for field in msgspec.structs.fields(kind)]
    if not rows:
        return head
    return "\n".join([head, "| field | type | meaning |", "| --- | --- | --- |", *rows, ""])


def _field_row(kind: Wire, field: msgspec.structs.FieldInfo) -> str:
    shape = shapes.type_info(field.type)
    default = "" if field.required else f", optional: {_json(field.default)}"
    meaning = attribute_docs(kind)[field.encode_name]
    return f"| `{field.encode_name}` | {_describe(shape)}{default} | {meaning} |"


def _describe(shape: shapes.Type) -> str:
    """A type and its bounds in a reader's words."""
    match shape:
        case shapes.VarTupleType(item_type=item, max_length=most):
            return f"list of {f'at most {most} × ' if most else ''}{_describe(item)}"
        case shapes.IntType(ge=least, le=most, lt=below):
            return f"integer {least}–{most if most is not None else (below or 0) - 1}"
        case shapes.StrType():
            return _describe_string(shape)
        case shapes.LiteralType(values=values):
            return " / ".join(f"`{value}`" for value in values)
        case shapes.UnionType(types=members):
            return " or ".join(_describe(member) for member in members)
        case _:
            return "null" if isinstance(shape, shapes.NoneType) else "string"


def _describe_string(shape: shapes.StrType) -> str:
    pattern = f" {_readable(shape.pattern)}" if shape.pattern else ""
    if shape.max_length is None:
        return f"string{pattern}"
    bound = "" if shape.min_length == shape.max_length else "at most "
    return f"string{pattern}, {bound}{shape.max_length} characters"


def _readable(pattern: str) -> str:
    """A pattern as inline code; JavaScript writes the end of the text as `$`."""
    fence = "``" if "`" in pattern else "`"
    return fence + pattern.removesuffix(r"\Z").replace("|", r"\|") + "$" + fence


def _interface(kind: Wire) -> str:
    fields = [_member(field) for field in msgspec.structs.fields(kind)]
    members = "; ".join([f"type: '{_tag(kind)}'", *fields])
    return f"export interface {kind.__name__} {{ {members} }}"


def _member(field: msgspec.structs.FieldInfo) -> str:
    optional = "" if field.required else "?"
    return f"{field.encode_name}{optional}: {_typescript(shapes.type_info(field.type))}"


def _typescript(shape: shapes.Type) -> str:
    match shape:
        case shapes.VarTupleType(item_type=item):
            return f"{_typescript(item)}[]"
        case shapes.IntType():
            return "number"
        case shapes.LiteralType(values=values):
            return " | ".join(f"'{value}'" for value in sorted(map(str, values)))
        case shapes.UnionType(types=members):
            return " | ".join(_typescript(member) for member in members)
        case _:
            return "null" if isinstance(shape, shapes.NoneType) else "string"


def _union(name: str, kinds: tuple[Wire, ...]) -> str:
    return f"export type {name} = {' | '.join(kind.__name__ for kind in kinds)}\n"


def _tag(kind: Wire) -> str:
    return str(kind.__struct_config__.tag)


def _json(value: object) -> str:
    return f"`{msgspec.json.encode(value).decode()}`"


def attribute_docs(kind: type[msgspec.Struct]) -> dict[str, str]:
    """The text below each field of a struct, which Python itself throws away."""
    documented: dict[str, str] = {}
    for each in reversed(kind.__mro__[: kind.__mro__.index(msgspec.Struct)]):
        (definition,) = ast.parse(inspect.getsource(each)).body
        documented |= _documented(getattr(definition, "body", []))
    return documented


def _limits() -> list[tuple[str, int | float, str]]:
    """Name, value and reason of every limit; one reason may serve several limits above it."""
    reasons = dict(_documented(ast.parse(inspect.getsource(limits)).body))
    return [(name, getattr(limits, name), reasons[name]) for name in reasons]


def _documented(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    waiting: list[str] = []
    for statement in body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)):
                waiting.append(name)
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield from ((name, " ".join(text.split())) for name in waiting)
                waiting.clear()
            case _:
                pass
    yield from ((name, "") for name in waiting)
