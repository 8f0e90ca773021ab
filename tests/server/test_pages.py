"""What is on disk is what is served, with safe headers, caching and gzip."""

import gzip
from importlib.resources import files

import pytest
from starlette.testclient import TestClient

from chatzyo.server.node import Node
from chatzyo.server.observer import Silence
from chatzyo.server.pages import create_app, load_assets
from chatzyo.signaling.switchboard import Switchboard

WEB = files("chatzyo") / "web"


@pytest.fixture
def node() -> Node:
    return Node(Switchboard(match_ids=iter(()), hubs=()), Silence(), lambda: 0.0)


@pytest.fixture
def client(node: Node) -> TestClient:
    return TestClient(
        create_app(node, secure=False, is_full=lambda: False),
        headers={"accept-encoding": "identity"},
    )


def test_the_page_is_index_html_as_it_stands(client: TestClient) -> None:
    response = client.get("/")
    assert response.content == (WEB / "index.html").read_bytes()
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert client.get("/index.html").status_code == 404


def test_private_links_lead_to_the_same_page(client: TestClient) -> None:
    page, linked = client.get("/"), client.get("/p")
    assert linked.content == page.content
    assert linked.headers == page.headers
    assert client.get("/p/").status_code == 404


def test_every_file_is_served_with_its_type_and_an_etag(client: TestClient) -> None:
    for path in load_assets():
        response = client.get(path)
        assert response.status_code == 200
        assert response.headers["x-content-type-options"] == "nosniff"
        again = client.get(path, headers={"if-none-match": response.headers["etag"]})
        assert again.status_code == (200 if path == "/" else 304)


def test_compressed_is_the_same_file(node: Node) -> None:
    compressing = TestClient(create_app(node, secure=False, is_full=lambda: False))
    response = compressing.get("/js/main.js", headers={"accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert response.content == (WEB / "js/main.js").read_bytes()
    assert gzip.decompress(load_assets()["/js/main.js"].compressed) == response.content


@pytest.mark.parametrize(
    "path", ["/nothing", "/../pyproject.toml", "/js/", "/js/core/types.d.ts", "/%2e%2e/cli.py"]
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["content-security-policy"]


def test_a_page_only_answers_get(client: TestClient) -> None:
    assert client.head("/").status_code == 200
    assert client.post("/").status_code == 405


def test_a_plain_request_for_the_socket_says_whether_there_is_room(node: Node) -> None:
    answers = iter((False, True))
    client = TestClient(create_app(node, secure=False, is_full=lambda: next(answers)))
    assert [client.get("/ws").status_code for _ in range(2)] == [426, 503]


def test_health_tells_running_from_draining(client: TestClient, node: Node) -> None:
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
    node.restart(lambda: 0)
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
