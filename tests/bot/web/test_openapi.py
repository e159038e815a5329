"""The document and the server say the same."""

from __future__ import annotations

import json

from openapi_spec_validator import validate

from bot.web.application import application
from bot.web.wire import ImageData, Standing, TaskAccepted, TaskEnd, TaskError, TaskStatus
from core.errors import Fault
from core.generation import Stage
from core.wording import Action
from tests.bot.web.site import CONFIG, OPENAPI, Site
from tests.fakes.workshop import Workshop

PAGES = {"/", "/turns/{task_id}", "/sign-in", "/sign-out", "/static"}
"""For people; they speak HTML."""

SCHEMAS = OPENAPI["components"]["schemas"]


async def test_the_document_is_valid_and_served_as_it_lies(site: Site) -> None:
    answer = await site.signed_in_with(None).rest("GET", "/openapi.json")
    validate(answer.json())
    assert answer.json() == OPENAPI


def test_every_route_is_documented_and_every_documented_route_is_served() -> None:
    app = application(CONFIG, Workshop().studio())
    served = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.resource.canonical not in PAGES and route.method != "HEAD"
    }
    documented = {(method.upper(), path) for path, operations in OPENAPI["paths"].items() for method in operations}
    assert served == documented


def test_the_records_have_the_fields_of_their_schemas() -> None:
    def properties(name: str) -> set[str]:
        schema = SCHEMAS[name]
        inherited = [properties(part["$ref"].rpartition("/")[2]) for part in schema.get("allOf", ())]
        return set(schema.get("properties", ())).union(*inherited)

    records = {
        "Standing": Standing,
        "TaskStatus": TaskStatus,
        "TaskAccepted": TaskAccepted,
        "TaskEnd": TaskEnd,
        "TaskError": TaskError,
        "ImageWithBytes": ImageData,
    }
    for name, record in records.items():
        assert properties(name) == set(record.__struct_fields__), name


def test_the_words_of_the_core_are_those_of_the_document() -> None:
    assert set(SCHEMAS["TaskError"]["properties"]["code"]["enum"]) == set(Fault)
    assert set(SCHEMAS["TaskError"]["properties"]["actions"]["items"]["enum"]) == set(Action)
    assert set(SCHEMAS["Standing"]["properties"]["stage"]["enum"]) == set(Stage)


def test_the_document_is_written_for_people_too() -> None:
    operations = [operation for path in OPENAPI["paths"].values() for operation in path.values()]
    assert all(operation["summary"] for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert json.dumps(OPENAPI).isascii()
